// What faults did to packets, as comments of these packets: which fault it was, as the command that gave it, and on
// the way to whom.

/// The hits of faults among records, by what they hit.
struct FaultComments {
    /// As many receivers as a comment names.
    private static let namesShown = 4

    /// Something that was sent; what goes over links has a receiver, and of files the time does not count.
    private struct Key: Hashable {
        let sender: UInt32
        let file: UInt32
        let kind: FaultMessage
        let receiver: UInt32?
        let time: Instant?
    }

    private struct Hit {
        let number: Int
        let isLost: Bool
        var receivers: [PhoneNumber]
    }

    private var hits: [Key: [Hit]] = [:]

    /// Collects the hits of records.
    init(_ records: [WireRecord]) {
        for record in records {
            guard
                case .faultHit(let number, let kind, to: let receiver, let isLost) = record.event
            else { continue }
            let key = Self.key(kind, record, to: kind.isBroadcast ? nil : receiver)
            let known = hits[key]?.firstIndex {
                $0.number == Int(number) && $0.isLost == isLost
            }
            if let known {
                hits[key]?[known].receivers.append(receiver)
            } else {
                let hit = Hit(number: Int(number), isLost: isLost, receivers: [receiver])
                hits[key, default: []].append(hit)
            }
        }
    }

    private static func key(
        _ kind: FaultMessage,
        _ record: WireRecord,
        to receiver: PhoneNumber?
    ) -> Key {
        Key(
            sender: record.phone.index,
            file: UInt32(record.file.index),
            kind: kind,
            receiver: receiver?.index,
            time: kind == .transfer ? nil : record.time
        )
    }

    /// What faults did to something sent, and whether any of them kept it from arriving.
    func comments(
        on kind: FaultMessage,
        _ record: WireRecord,
        to receiver: PhoneNumber?,
        in world: World
    ) -> (texts: [String], isLost: Bool) {
        guard !hits.isEmpty, let found = hits[Self.key(kind, record, to: receiver)] else {
            return ([], false)
        }
        let texts = found.map { hit in
            let names = hit.receivers.prefix(Self.namesShown).map { world.name(of: $0) }
            let rest = hit.receivers.count - names.count
            let whom = names.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
            let what = hit.isLost ? "lost" : "late"
            return "fault \(hit.number): \(what) on the way to \(whom): "
                + world.faultText(hit.number)
        }
        return (texts, found.contains { $0.isLost })
    }
}
