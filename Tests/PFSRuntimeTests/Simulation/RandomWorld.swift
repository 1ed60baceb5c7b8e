// A small world made up from a seed: models, subnets, spreads, a WAN or none, and what goes wrong in it.
// For tests of what must hold in every world.

import Testing

@testable import PFSRuntime

/// What goes wrong, and when.
struct Mishap {
    enum Kind: CaseIterable {
        case reset, removal, cancel, cut, heal, sharingOff, sharingOn, serverLoses, badCopy,
            timeOut,
            serverRegains
    }
    var kind: Kind
    var phone: PhoneNumber
    var after: Interval
}

/// A world by a seed, and what will go wrong in it.
struct RandomWorld {
    var office: Office
    var mishaps: [Mishap]
    /// The time between the start of one phone and the next.
    var spread: Interval
    /// Phones that may end without the load, because they were called off.
    var mayFail: Set<PhoneNumber> = []
    /// Phones whose fetch timed out, and which may end for that reason.
    var mayTimeOut: Set<PhoneNumber> = []

    init(seed: UInt64, isCalm: Bool) throws {
        var stream = RandomStream(seed: seed, purpose: .test, index: 0)
        let rates: [Int64] = [384_000, 2_000_000, 100_000_000]
        let wan = WANLink(
            rateBitsPerSecond: rates[Int(stream.below(3))],
            roundTrip: .milliseconds(Int64(stream.below(200)))
        )
        let sizes = [600, Int(stream.below(200_000)) + 1, Int(stream.below(60_000)) + 1]
        office = try Office(
            seed: seed,
            wan: stream.below(4) == 0 ? nil : wan,
            files: Array(sizes.prefix(Int(stream.below(3)) + 1)),
            lanRateBitsPerSecond: stream.below(2) == 0 ? 10_000_000 : 100_000_000
        )
        office.world.checksInvariants = true
        office.world.kernel.parameters.servesWhenDone = seed % 5 == 0
        try office.world.addSubnet("annex", #require(IPv4Network("10.5.0.0/16")), site: 1)
        let total = Int(stream.below(40)) + 1
        var phones: [PhoneNumber] = []
        for _ in 0..<total {
            let model = stream.below(3) == 0 ? "7941" : "7961"
            phones += try office.add(1, model: model, subnet: stream.below(4) == 0 ? 1 : 0)
        }
        let spreads: [Int64] = [0, 5, 100, 1_500, 9_000]
        let step = spreads[Int(stream.below(5))]
        spread = .milliseconds(step)
        try office.push(phones, stagger: spread)
        mishaps = []
        guard !isCalm else { return }
        let span = UInt64(20_000 + 40 * step)
        for _ in 0..<stream.below(8) {
            let kinds = Mishap.Kind.allCases
            let kind = kinds[Int(stream.below(UInt64(kinds.count)))]
            let phone = phones[Int(stream.below(UInt64(phones.count)))]
            let after = Interval.milliseconds(Int64(stream.below(span)))
            mishaps.append(Mishap(kind: kind, phone: phone, after: after))
        }
        mishaps.sort { ($0.after, $0.phone) < ($1.after, $1.phone) }
    }

    /// Whether the server lacked the load for a while.
    var serverWasEmpty: Bool { mishaps.contains { $0.kind == .serverLoses } }

    mutating func carryOut(_ mishap: Mishap) {
        let world = office.world
        guard world.state(mishap.phone) != .removed else { return }
        switch mishap.kind {
        case .reset: world.restart(.reset, [mishap.phone])
        case .removal: world.removePhone(mishap.phone)
        case .cancel:
            if !world.cancel([mishap.phone]).isEmpty { mayFail.insert(mishap.phone) }
        case .cut: world.setSegment(1, of: world.phones.filter { $0.index % 3 == 0 })
        case .heal: world.setSegment(0, of: world.phones)
        case .sharingOff, .sharingOn:
            let isOn = mishap.kind == .sharingOn
            world.setDeviceSetting(LevelSetting(isOn ? .on : .off), on: [mishap.phone])
            _ = world.applyConfiguration([mishap.phone])
        case .serverLoses: world.setServer(holds: false, load: office.load)
        case .serverRegains: world.setServer(holds: true, load: office.load)
        case .badCopy:
            // The first that checks a file finds it bad; its own later answer then means nothing.
            let checking = world.phones.first { world.state($0) == .verifying }
            if let checking { world.kernel.feed(checking, .verified(false), from: nil) }
        case .timeOut:
            guard let fetching = world.phones.first(where: { world.state($0) == .fetching })
            else { return }
            world.kernel.endDownload(of: fetching)
            world.kernel.feed(fetching, .fetchEnded(.timedOut), from: nil)
            mayTimeOut.insert(fetching)
        }
    }
}
