// What is seen of a phone that handles an input: for the invariants, and for the coverage of the
// protocol. Without either it costs two comparisons.

internal import BasicContainers

/// What a phone was before it handled an input.
struct PhoneBefore: BitwiseCopyable {
    var state: ProtocolState
    var wasRoot: Bool
}

extension Kernel {
    /// A phone is about to handle an input; nil when nobody watches.
    mutating func beginObserving(_ input: PeerInput, of phone: PhoneNumber) -> PhoneBefore? {
        guard watch.isOn || coverage != nil else { return nil }
        let index = Int(phone.index)
        if watch.isOn { watchInput(input, of: phone) }
        let current = peers[index].current
        return PhoneBefore(
            state: peers[index].protocolState(elections[index]),
            wasRoot: current < UpgradeJob.fileLimit
                && peers[index].branches[current].role == .root
        )
    }

    /// A phone has handled an input, and its effects are still to be carried out.
    mutating func observe(
        _ input: PeerInput,
        _ verdict: Verdict,
        of phone: PhoneNumber,
        _ before: PhoneBefore
    ) {
        if watch.isOn {
            for position in 0..<effects.count { watchEffect(effects[position], of: phone) }
            watchPhone(phone, after: input, wasRoot: before.wasRoot)
        }
        guard coverage != nil else { return }
        let state = peers[Int(phone.index)].protocolState(elections[Int(phone.index)])
        coverage?.count(before.state, state)
        for position in 0..<effects.count {
            switch effects[position] {
            case .send(let message, _, to: _), .broadcast(let message, _, after: _):
                coverage?.countSaid(message)
            default: break
            }
        }
        guard verdict == .handled else { return }
        switch input {
        case .heard(let message, _, from: _), .received(let message, _, from: _):
            coverage?.countHeeded(message)
        default: break
        }
    }
}
