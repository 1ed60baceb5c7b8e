// Who got which file from whom, and when: what an export draws. Only copies that phones have now count;
// what was thrown away is in the log.

import PFSRuntime

struct Distribution {
    /// A file that a phone has got.
    struct Copy {
        let phone: PhoneNumber
        /// The file's place in the load, from 0.
        let file: Int
        let load: LoadID
        /// The phone that gave it; nil where it came from a server.
        let giver: PhoneNumber?
        let time: Instant
    }

    let world: World
    let phones: [PhoneNumber]
    /// In the order of the phones, and of their files.
    let copies: [Copy]

    init(_ world: World) {
        self.world = world
        phones = world.phones
        copies = phones.flatMap { phone in Self.copies(of: phone, in: world) }
    }

    /// The load that a phone fetches, or fetched last; nil where it fetched none, or failed to.
    static func load(of phone: PhoneNumber, in world: World) -> LoadID? {
        let snapshot = world.snapshot(phone)
        if let target = snapshot.target { return target }
        guard case .succeeded = snapshot.outcome else { return nil }
        return snapshot.running
    }

    private static func copies(of phone: PhoneNumber, in world: World) -> [Copy] {
        guard let load = load(of: phone, in: world) else { return [] }
        let count = min(world.catalog[load].files.count, UpgradeJob.fileLimit)
        return (0..<count).compactMap { (file) -> Copy? in
            switch world.origin(of: file, at: phone) {
            case .none: nil
            case .server(let time):
                Copy(phone: phone, file: file, load: load, giver: nil, time: time)
            case .phone(let giver, let time):
                Copy(phone: phone, file: file, load: load, giver: giver, time: time)
            }
        }
    }

    func fileName(_ copy: Copy) -> String { world.catalog[copy.load].files[copy.file].name }

    /// Who gave it: a phone's name or a server's.
    func giverName(_ copy: Copy) -> String {
        if let giver = copy.giver { return world.name(of: giver) }
        let server = world.server(of: copy.file, at: copy.phone)
        return server.map { world.server($0).name } ?? "server"
    }
}
