// What a phone asked for, in words.

import PFSRuntime

enum EffectText {
    /// An effect in a few words; empty for what is not told.
    static func text(_ effect: PeerEffect, name: (IPv4Address) -> String) -> String {
        switch effect {
        case .broadcast(let message, _, after: _): "broadcasts \(EventText.text(message))"
        case .send(let message, _, to: let address):
            "\(EventText.text(message)) to \(name(address))"
        case .close(_, let address): "resets \(name(address))"
        case .fetch: "asks the server"
        case .upload(_, to: let address): "sends the file to \(name(address))"
        case .endUpload: "stops sending"
        case .verify: "checks the file"
        case .write: "writes to flash"
        case .apply: "reboots"
        case .obtained: "has the file"
        case .stopped(let reason): "stops, reason \(reason.rawValue)"
        case .wake, .note, .participation: ""
        }
    }
}

/// One event as `step` tells it: what came in, what the phone decided, what it sent, its next deadline.
enum StepText {
    static func line(_ decision: Decision, in host: ShellHost) -> String {
        var line = EventText.line(
            decision.time,
            decision.phone,
            decision.input,
            decision.verdict,
            in: host
        )
        if case .ignored = decision.verdict { return line }
        line += ": " + outcome(decision)
        let names = DecisionText(world: host.world)
        let effects = decision.effects.map { effect in
            EffectText.text(effect) { names.name($0, near: decision.phone) }
        }
        for text in effects where !text.isEmpty { line += "; " + text }
        let deadline = decision.after.deadline
        if deadline != .never, deadline > decision.time {
            line += "; deadline \(host.displayTime(deadline.nanoseconds))"
        }
        return line
    }

    private static func outcome(_ decision: Decision) -> String {
        let (before, after) = (decision.before, decision.after)
        var text =
            before.stageName == after.stageName
            ? "still \(after.stageName)" : "now \(after.stageName)"
        if after.fileIndex != before.fileIndex, after.file != .none {
            text += ", file \(after.fileIndex + 1)"
        }
        if after.tries > before.tries { text += ", try \(after.tries) failed" }
        return text
    }
}
