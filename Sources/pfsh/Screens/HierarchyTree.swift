// The hierarchy of one file as a tree: who is root, who has whom as a child, who took the file from
// whom. A link that has done its work is gone, so for phones that hold the file the tree is drawn
// from where they took it.

import PFSRuntime

/// The tree of one (subnet, model, file).
struct HierarchyTree {
    let world: World
    let fileIndex: Int
    /// Phones of the group that fetch or have fetched the same load.
    let members: [PhoneNumber]
    private var children: [PhoneNumber: [PhoneNumber]] = [:]
    private var tops: [PhoneNumber] = []

    init(world: World, fileIndex: Int, members: [PhoneNumber]) {
        self.world = world
        self.fileIndex = fileIndex
        self.members = members
        let isMember = Set(members)
        for phone in members {
            if let parent = Self.parent(of: phone, fileIndex, in: world), isMember.contains(parent),
                Self.isEarlier(parent, than: phone, fileIndex, in: world)
            {
                children[parent, default: []].append(phone)
            } else {
                tops.append(phone)
            }
        }
    }

    /// The phone that has `phone` as its child, or gave it the file.
    private static func parent(
        of phone: PhoneNumber,
        _ fileIndex: Int,
        in world: World
    ) -> PhoneNumber? {
        if case .phone(let parent, _) = world.origin(of: fileIndex, at: phone) { return parent }
        let snapshot = world.snapshot(phone)
        if snapshot.fileIndex == fileIndex, case .phone(let parent) = snapshot.source {
            return parent
        }
        return nil
    }

    /// Whether a parent's file is older than its child's.
    ///
    /// It is not when the parent was reset and fetches the file again, perhaps from that child.
    private static func isEarlier(
        _ parent: PhoneNumber,
        than child: PhoneNumber,
        _ fileIndex: Int,
        in world: World
    ) -> Bool {
        guard case .phone(_, let taken) = world.origin(of: fileIndex, at: child) else {
            return true
        }
        switch world.origin(of: fileIndex, at: parent) {
        case .none: return false
        case .server(let instant), .phone(_, let instant), .elsewhere(_, let instant):
            return instant <= taken
        }
    }

    /// Lines of the tree down to `depth`, phones without parent or children left out and counted.
    func lines(depth: Int) -> [String] {
        var lines: [String] = []
        var alone = 0
        for top in tops {
            if case .none = world.origin(of: fileIndex, at: top), children[top] == nil,
                !isAtWork(top)
            {
                alone += 1
                continue
            }
            append(top, prefix: "", branch: "", depth: depth, to: &lines)
        }
        if alone > 0 { lines.append("(\(alone) outside the tree)") }
        return lines
    }

    private func isAtWork(_ phone: PhoneNumber) -> Bool {
        let snapshot = world.snapshot(phone)
        return snapshot.fileIndex == fileIndex && (snapshot.isRoot || snapshot.state == .fetching)
    }

    private func append(
        _ phone: PhoneNumber,
        prefix: String,
        branch: String,
        depth: Int,
        to lines: inout [String]
    ) {
        let below = children[phone] ?? []
        lines.append(prefix + branch + describe(phone))
        let inner = prefix + (branch.isEmpty ? "" : branch == "|- " ? "|  " : "   ")
        guard depth > 0 else {
            let count = countBelow(phone)
            if count > 0 { lines.append(inner + "`- (\(count) more below)") }
            return
        }
        for (index, child) in below.enumerated() {
            let isLast = index == below.count - 1
            append(
                child,
                prefix: inner,
                branch: isLast ? "`- " : "|- ",
                depth: depth - 1,
                to: &lines
            )
        }
    }

    private func countBelow(_ phone: PhoneNumber) -> Int {
        (children[phone] ?? []).reduce(0) { $0 + 1 + countBelow($1) }
    }

    private func describe(_ phone: PhoneNumber) -> String {
        let name = world.name(of: phone)
        let snapshot = world.snapshot(phone)
        switch world.origin(of: fileIndex, at: phone) {
        case .server:
            let server = world.server(of: fileIndex, at: phone) ?? 0
            let transport = world.transport(of: fileIndex, at: phone).name
            return "\(name)  100% verified  from \(world.server(server).name) by \(transport)"
        case .phone(let parent, _): return "\(name)  100% verified  from \(world.name(of: parent))"
        case .elsewhere(let address, _): return "\(name)  100% verified  from \(address)"
        case .none: break
        }
        guard snapshot.fileIndex == fileIndex else { return name }
        switch snapshot.state {
        case .fetching, .receiving:
            let share =
                snapshot.fileBytes > 0 ? snapshot.receivedBytes * 100 / snapshot.fileBytes : 0
            return "\(name)  \(share)%  \(snapshot.state.rawValue)"
        default: return "\(name)  \(snapshot.state.rawValue)"
        }
    }
}
