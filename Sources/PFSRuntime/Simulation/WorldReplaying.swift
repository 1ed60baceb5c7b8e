// A world as the orders that make it again: which phones one order would make, in which order loads
// got the numbers of their files, which restarts are still to come. The numbers of phones and files
// enter the streams of chance and the fingerprint, so they have to come out the same.

internal import BasicContainers

/// Phones, one after the other in the order of creation, that one order makes.
public struct PhoneRun: Sendable, Equatable {
    /// The first of them.
    public let first: PhoneNumber
    /// How many; 1 or more.
    public let count: Int
    /// The beginning of their names, where `addPhones` would choose just their names and addresses;
    /// nil where each has to be told.
    public let prefix: String?
}

/// A restart ordered before time moved.
public struct RestartOrder: Sendable {
    /// How.
    public let kind: RestartKind
    /// Which phones, in order.
    public let phones: [PhoneNumber]
    /// The time from one to the next; nil: within the start spread.
    public let stagger: Interval?
    /// The seed and the start spread that its waits were drawn with.
    let seed: UInt64
    let spread: Interval
}

extension World {
    /// All phones that ever were, removed ones too, as the orders that would make them again.
    ///
    /// For each removed phone there is a run of its own: to give the later ones their numbers it has
    /// to be made, and removed before the next one is made.
    public var phoneRuns: [PhoneRun] {
        var maker = RunMaker(world: self)
        var runs: [PhoneRun] = []
        var index = 0
        while index < identities.count {
            let run = maker.run(from: index)
            runs.append(run)
            index += run.count
        }
        return runs
    }

    /// Whether a phone has the MAC address that it gets unless told.
    public func hasGivenMAC(_ phone: PhoneNumber) -> Bool {
        identities[Int(phone.index)].mac == Self.givenMAC(phone)
    }

    /// The load that a phone gets unless told.
    public func standardLoad(of phone: PhoneNumber) -> LoadID {
        let identity = identity(phone)
        return catalog.standardLoad(for: identity.model.model, identity.deviceProtocol)
            ?? catalog.unknownLoad
    }

    /// Whether a phone, when it last read its configuration, was told to share.
    public func readSharing(_ phone: PhoneNumber) -> Bool {
        kernel.phones[Int(phone.index)].readSharing
    }

    /// The restarts ordered before time moved that a world with the same seed and start spread would
    /// draw in the same way; phones removed since are left out.
    ///
    /// `isWhole` is false where there were others.
    public var pendingRestarts: (orders: [RestartOrder], isWhole: Bool) {
        var orders: [RestartOrder] = []
        var isWhole = true
        for order in restartOrders {
            let phones = order.phones.filter { !identities[Int($0.index)].isRemoved }
            if phones.isEmpty { continue }
            let isDrawn = order.stagger == nil && order.phones.count > 1
            let isSame =
                isDrawn
                ? phones.count > 1 && order.seed == seed && order.spread == parameters.startSpread
                : phones.count == order.phones.count
            guard isSame else {
                isWhole = false
                continue
            }
            orders.append(
                RestartOrder(
                    kind: order.kind,
                    phones: phones,
                    stagger: order.stagger,
                    seed: order.seed,
                    spread: order.spread
                )
            )
        }
        return (orders, isWhole)
    }

    /// How many phones have something to do: a restart to come, or an upgrade.
    public var activeCount: Int { kernel.activeCount }

    /// The loads whose files have numbers; registered in this order they get the same again.
    public var registeredLoads: [LoadID] {
        var rest = kernel.loads.indices.filter { !kernel.loads[$0].files.isEmpty }
        var ordered: [LoadID] = []
        var covered = 0
        while covered < kernel.files.count {
            let next = rest.firstIndex { load in
                let fresh = kernel.loads[load].files.map { Int($0.index) }.filter { $0 >= covered }
                return !fresh.isEmpty && fresh.enumerated().allSatisfy { $1 == covered + $0 }
            }
            guard let next else { break }
            let load = rest.remove(at: next)
            let last = kernel.loads[load].files.map { Int($0.index) }.max() ?? covered
            covered = max(covered, last + 1)
            ordered.append(LoadID(rawValue: UInt16(load)))
        }
        return ordered + rest.map { LoadID(rawValue: UInt16($0)) }
    }

    /// Whether loads registered in this order get the numbers for their files that they have.
    public func numbersFiles(registering loads: [LoadID]) -> Bool {
        var seen: [String: Bool] = [:]
        var names: [String] = []
        for load in loads where catalog[load].files.count <= UpgradeJob.fileLimit {
            for file in catalog[load].files
            where seen.updateValue(true, forKey: file.name) == nil {
                names.append(file.name)
            }
        }
        return names == kernel.files.map(\.name)
    }
}

/// Finds runs of phones, knowing which names and addresses were taken when each was made.
private struct RunMaker {
    let world: World
    private var names: [String: Bool] = [:]
    private var addresses: [[UInt32: Bool]]
    /// Below these nothing is free: looking for the next one need not begin at the first.
    private var nextSuffix: [String: Int] = [:]
    private var nextAddress: [UInt32]

    init(world: World) {
        self.world = world
        // Servers stand before phones are made, and no phone is given their addresses.
        addresses = world.subnetNames.indices.map { subnet in
            var taken: [UInt32: Bool] = [:]
            for address in world.kernel.subnets[subnet].reserved { taken[address.bits] = true }
            return taken
        }
        nextAddress = world.subnetNames.indices.map { world.firstAddress($0).bits }
    }

    mutating func run(from start: Int) -> PhoneRun {
        let first = PhoneNumber(start)
        guard !world.identities[start].isRemoved, var place = firstPlace(start),
            place.holds(start, in: world)
        else {
            take(start)
            return PhoneRun(first: first, count: 1, prefix: nil)
        }
        var end = start
        repeat {
            take(end)
            end += 1
            guard end < world.identities.count, world.isAlike(end, start) else { break }
            advance(&place)
        } while place.holds(end, in: world)
        nextSuffix[place.prefix] = place.suffix
        nextAddress[place.subnet] = max(nextAddress[place.subnet], place.bits)
        let prefix = end - start > 1 ? place.prefix : nil
        return PhoneRun(first: first, count: end - start, prefix: prefix)
    }

    private mutating func take(_ index: Int) {
        guard !world.identities[index].isRemoved else { return }
        let phone = PhoneNumber(index)
        names[world.identities[index].name] = true
        addresses[world.subnet(of: phone)][world.address(of: phone).bits] = true
    }

    /// The name and address that a first phone of the prefix of this one would be given.
    private func firstPlace(_ index: Int) -> Place? {
        let name = world.identities[index].name
        let digits = name.reversed().prefix { ("0"..."9").contains($0) }.count
        let prefix = String(name.dropLast(digits))
        guard digits > 0, !prefix.isEmpty else { return nil }
        let subnet = world.subnet(of: PhoneNumber(index))
        var place = Place(
            prefix: prefix,
            suffix: nextSuffix[prefix] ?? 1,
            subnet: subnet,
            bits: nextAddress[subnet]
        )
        settle(&place)
        return place
    }

    private func advance(_ place: inout Place) {
        place.suffix += 1
        place.bits += 1
        settle(&place)
    }

    private func settle(_ place: inout Place) {
        while names[place.name] != nil { place.suffix += 1 }
        while addresses[place.subnet][place.bits] != nil { place.bits += 1 }
    }

    /// Where the next phone of a run would come.
    private struct Place {
        let prefix: String
        var suffix: Int
        let subnet: Int
        var bits: UInt32

        var name: String { "\(prefix)\(suffix)" }

        func holds(_ index: Int, in world: World) -> Bool {
            let phone = PhoneNumber(index)
            return world.identities[index].name == name
                && world.address(of: phone).bits == bits && world.hasGivenMAC(phone)
        }
    }
}

extension World {
    /// Whether two phones are alike but for name and addresses, and neither was removed.
    fileprivate func isAlike(_ one: Int, _ other: Int) -> Bool {
        let (left, right) = (identities[one], identities[other])
        return !left.isRemoved && !right.isRemoved && left.model == right.model
            && left.deviceProtocol == right.deviceProtocol && left.profile == right.profile
            && kernel.phones[one].subnet == kernel.phones[other].subnet
            && kernel.phones[one].runningLoad == kernel.phones[other].runningLoad
    }
}
