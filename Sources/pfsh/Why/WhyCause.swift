// Which faults and known bugs stand behind the chain of `why`: what a fault hit while the phone was at the file,
// where a decision followed from it, and the bugs that settled something.

import PFSRuntime

/// Something that can be left out to see what would have been without it.
enum WhyCause: Hashable {
    /// A fault, by its number.
    case fault(Int)
    /// A known bug.
    case bug(KnownBug)
}

extension Decision {
    /// Whether it is the end of a transfer that came whole: no fault is behind that.
    var isWhole: Bool {
        if case .fetchEnded(.done) = input { true } else { false }
    }

    /// The phones at the other end of what a decision is about: the parent, the one asked for a place.
    func others(in world: World) -> [PhoneNumber] {
        var addresses = [before.parent].compactMap { $0 }
        if case .joining(let joining) = before.stage { addresses.append(joining.target) }
        let subnet = world.subnet(of: phone)
        return addresses.compactMap { world.phone(at: $0, subnet: subnet) }
    }
}

/// What faults hit of one phone while it was at one file.
struct FaultTraces {
    private let hits: [FaultHit]
    private let phone: PhoneNumber

    init(_ world: World, _ phone: PhoneNumber, _ file: FileNumber) {
        self.phone = phone
        hits = world.faultHits.filter { hit in
            guard hit.message != nil else { return true }
            return (hit.phone == phone || hit.other == phone) && hit.file == file
        }
    }

    /// The faults behind a decision that follows `rule`: those that hit what it waited for since the
    /// decision before.
    ///
    /// `others` are the phones at the other end of what the decision is about.
    func faults(
        behind rule: ProtocolRule,
        after start: Instant,
        until end: Instant,
        at others: [PhoneNumber]
    ) -> [Int] {
        var found: [Int] = []
        for hit in hits where hit.time >= start && hit.time <= end && !found.contains(hit.fault) {
            if explains(hit, rule, others) { found.append(hit.fault) }
        }
        return found
    }

    private func explains(_ hit: FaultHit, _ rule: ProtocolRule, _ others: [PhoneNumber]) -> Bool {
        guard let message = hit.message else {
            return (hit.phone == phone || others.contains(hit.phone)) && Self.halts(rule)
        }
        let isBroadcast = Self.broadcasts.contains(message)
        switch rule {
        // Nobody who could have answered heard it, or it did not hear the answer.
        case .confirm: return isBroadcast
        // It heard nothing, because something did not reach it.
        case .claim, .patience, .listenAgain, .offer, .orphan:
            return isBroadcast && hit.phone == phone
        case .joinPatience, .linkLost, .redirect: return !isBroadcast
        case .dissolve: return true
        case .fallback: return !isBroadcast || hit.phone == phone
        default: return false
        }
    }

    /// Rules by which something ends that was under way, as it does when a phone or a server fails.
    private static func halts(_ rule: ProtocolRule) -> Bool {
        switch rule {
        case .resign, .refused, .linkLost, .fallback, .cancel, .joinPatience: true
        default: false
        }
    }

    private static let broadcasts: [FaultMessage] = [.claim, .confirmed, .offer, .failed]
}
