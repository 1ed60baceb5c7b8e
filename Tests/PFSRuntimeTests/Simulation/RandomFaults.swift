// Faults made up from a seed, each with when it begins and how long it lasts. For tests of what must hold
// whatever is broken.

@testable import PFSRuntime

/// A fault that begins so long after the start.
struct TimedFault {
    var after: Interval
    var order: FaultOrder
}

enum RandomFaults {
    /// Up to six faults of a world, all of which end by themselves.
    static func make(seed: UInt64, in world: World, span: Interval) -> [TimedFault] {
        var stream = RandomStream(seed: seed, purpose: .test, index: 1)
        let count = Int(stream.below(6)) + 1
        let faults = (0..<count).map { _ in
            TimedFault(
                after: stream.interval(below: span),
                order: FaultOrder(
                    fault(&stream),
                    for: .milliseconds(Int64(stream.below(60_000)) + 1)
                )
            )
        }
        return faults.sorted { $0.after < $1.after }.map { timed in
            var timed = timed
            timed.order.scope = scope(of: timed.order.fault, in: world, &stream)
            return timed
        }
    }

    private static func fault(_ stream: inout RandomStream) -> Fault {
        let length = Interval.milliseconds(Int64(stream.below(4_000)) + 1)
        switch stream.below(30) {
        case 0, 1: return .drop
        case 2: return .delay(length)
        case 3: return .jitter(length)
        case 4: return .block(.udp)
        case 5: return .block(.tcp)
        case 6: return .partition
        case 7: return .isolate
        case 8: return .crash(keepsFlash: stream.below(2) == 0)
        case 9: return .freeze
        case 10: return .reboot
        case 11: return .duplicate
        case 12: return .reorder
        case 13, 14: return .corrupt
        case 15: return .unauthorised
        case 16: return .duplicateAddress
        case 17: return .clockDrift(1 + Int(stream.below(200_000)))
        case 18: return .clockDrift(-1 - Int(stream.below(200_000)))
        case 19: return .powerLoss
        case 20: return .diskFull
        case 21: return .slowDisk(2 + Int(stream.below(20)))
        case 22: return .corruptBlock
        case 23: return .serverSlow(Interval(nanoseconds: length.nanoseconds / 4))
        case 24: return .serverFull
        case 25: return stream.below(2) == 0 ? .wrongFile : .truncatedFile
        case 26: return .forgedClaims
        case 27: return .endlessOffers
        case 28: return stream.below(2) == 0 ? .wrongBytes : .stalledTransfer
        default: return .serverDown
        }
    }

    private static func scope(
        of fault: Fault,
        in world: World,
        _ stream: inout RandomStream
    ) -> FaultScope {
        var scope = FaultScope()
        switch fault.kind.declaration.subject {
        case .servers:
            scope.place = .server(0)
            return scope
        case .fetches:
            scope.place = .server(0)
            choose(&scope, &stream)
            return scope
        case .flash:
            scope.place = .phones(phones(in: world, &stream))
            choose(&scope, &stream)
            return scope
        case .phones:
            scope.place = .phones(phones(in: world, &stream))
            return scope
        case .paths:
            let isOneWay = stream.below(2) == 0
            scope.place = .link(
                phones(in: world, &stream),
                phones(in: world, &stream),
                isOneWay: isOneWay
            )
            return scope
        case .messages: break
        }
        switch stream.below(4) {
        case 0: scope.place = .phones(phones(in: world, &stream))
        case 1: scope.place = .subnet(Int(stream.below(2)))
        case 2: scope.place = .link(phones(in: world, &stream), .everyone, isOneWay: true)
        default: break
        }
        if case .block = fault { return scope }
        if stream.below(3) == 0 {
            let isOfBroadcasts = fault == .duplicate || fault == .reorder
            let kinds = isOfBroadcasts ? FaultMessage.broadcasts : FaultMessage.allCases
            scope.message = kinds[Int(stream.below(UInt64(kinds.count)))]
        }
        choose(&scope, &stream)
        return scope
    }

    private static func choose(_ scope: inout FaultScope, _ stream: inout RandomStream) {
        if stream.below(4) == 0 { scope.file = Int(stream.below(3)) }
        if stream.below(5) == 0 { scope.nth = Int(stream.below(5)) + 1 }
        if stream.below(2) == 0 {
            scope.chancePartsPerMillion = Int64(stream.below(1_000_000))
        }
    }

    private static func phones(in world: World, _ stream: inout RandomStream) -> PhoneSet {
        let all = world.phones
        var chosen = all.filter { _ in stream.below(4) == 0 }
        if chosen.isEmpty { chosen = [all[Int(stream.below(UInt64(all.count)))]] }
        return PhoneSet(chosen)
    }
}
