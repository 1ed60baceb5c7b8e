// Events in words, one line each, for `step` and `show events`.

import PFSRuntime

enum EventText {
    /// The line of one handled event.
    static func line(_ record: TraceRecord, in host: ShellHost) -> String {
        line(record.time, record.phone, record.input, record.verdict, in: host)
    }

    /// The line of what a phone handled: when, who, what came in, and why it meant nothing if so.
    static func line(
        _ time: Instant,
        _ phone: PhoneNumber,
        _ input: PeerInput,
        _ verdict: Verdict,
        in host: ShellHost
    ) -> String {
        let world = host.world
        let name = world.name(of: phone)
        var line = "\(host.displayTime(time.nanoseconds)) \(name) "
        line += text(input, in: world)
        if case .ignored(let reason) = verdict { line += " (\(text(reason)))" }
        return line
    }

    private static func text(_ input: PeerInput, in world: World) -> String {
        switch input {
        case .start(let job):
            "reads its configuration: \(Counted.text(job.count - job.keptCount, "file")) to fetch"
        case .serve: "gives others what it runs"
        case .sharing(let shares): "is told to share: \(shares ? "on" : "off")"
        case .wake: "has a deadline"
        case .heard(let message, let file, from: let sender):
            "hears \(text(message)) of \(sender), \(world.fileName(file))"
        case .received(let message, let file, from: let sender):
            "gets \(text(message)) of \(sender), \(world.fileName(file))"
        case .linkLost(let file, let other):
            "loses the link to \(other), \(world.fileName(file))"
        case .fetchEnded(.done): "has fetched its file from the server"
        case .fetchEnded(.refused(let reason)):
            "is refused by the server, reason \(reason.rawValue)"
        case .fetchEnded(.timedOut): "waits for the server in vain"
        case .fetchEnded(.busy): "finds all its servers busy"
        case .fileArrived: "has the whole file from its parent"
        case .verified(let isGood): isGood ? "has verified its file" : "rejects its file"
        case .written: "has written its file"
        case .writeFailed(.full): "has no room for its file"
        case .writeFailed(.damaged): "reads back something else than its file"
        case .stalled: "finds that its transfer stands still"
        case .applied: "runs its new load"
        case .cancel: "is told to stop"
        }
    }

    /// A message in a few words.
    static func text(_ message: PeerMessage) -> String {
        switch message {
        case .claim(let claim): claim.advertisement == 0 ? "a claim" : "ad \(claim.advertisement)"
        case .confirmed: "a confirmed root"
        case .offer: "an offer"
        case .failed(let reason): "Failed(\(reason.rawValue))"
        case .join: "Join"
        case .accept(let position): "Accept at depth \(position.depth)"
        case .refuse(let redirect): redirect.map { "Refuse, try \($0)" } ?? "Refuse"
        case .hold: "Hold"
        case .rootless: "Rootless"
        case .dissolve: "Dissolve"
        case .complete: "Complete"
        case .bye: "Bye"
        }
    }

    private static func text(_ reason: IgnoredReason) -> String {
        switch reason {
        case .staleWake: "stale, ignored"
        case .otherFile: "not its file"
        case .unknownLink: "no such link, ignored"
        case .unexpectedHere: "ignored here"
        }
    }
}
