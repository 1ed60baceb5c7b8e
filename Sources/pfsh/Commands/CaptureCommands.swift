// Captures for Wireshark of what phones send, in simulation and on a network, from now on or in the past.

import Interpreter
import PFSRuntime

enum CaptureCommands {
    static let all = [capture]

    static let capture = Command<ShellHost>(
        "capture",
        group: LogCommands.group,
        summary: "Capture what phones send, from now on or in the past, for Wireshark.",
        discussion: "The file is pcapng with an interface for each phone; it is written by "
            + "`no capture`, or when the shell ends. `from` and `to` capture a stretch of the past of a "
            + "simulated run instead, at once: the way is gone once more on copies. Packets have the times of the log; peer messages "
            + "have the bytes of docs/protocol.md, which `tools/wireshark/cppdp.lua` dissects; files "
            + "are moved as flows, so their blocks are spread evenly over the time that they take, and "
            + "what is in them is made up. Of attached phones it has what their sockets say and hear, files "
            + "cut short. What a fault did to a packet is its comment. A capture changes nothing of what happens. "
            + "See docs/capture.md.",
        .argument("file", kind: .file, help: "the file to write"),
        .optional("phones", help: "whose packets; all if not given"),
        .option("from", help: "where the stretch of the past begins"),
        .option("to", help: "where it ends; now if not given"),
        examples: [
            Example(
                "capture /tmp/pfsh-past.pcapng P1 from 2s to 10s",
                setup: WorldCommands.setup + [
                    "pfs enterprise on", "push 9.4(2)SR1 to all", "run 30s",
                ]
            ),
            Example(
                "capture /tmp/pfsh-lab.pcapng P1\nno capture",
                setup: WorldCommands.setup
            ),
        ]
    ) {
        (
            host: inout ShellHost,
            path: Located<String>,
            phones: Selection?,
            begin: MomentArgument?,
            end: MomentArgument?
        ) throws(Diagnostic) -> Output in
        if begin != nil || end != nil {
            return try past(path, phones, from: begin, to: end, in: &host)
        }
        guard host.capture == nil else {
            throw Diagnostic(
                "a capture goes on already",
                at: path.range,
                hints: ["`no capture` ends it and writes its file"]
            )
        }
        let capture = TrafficCapture(path.node, phones)
        capture.goOn(in: host.world, host.attachment)
        host.capture = capture
        return .none
    }.undone(
        by: Command<ShellHost>(
            "capture",
            group: LogCommands.group,
            summary: "End the capture and write its file.",
            examples: [
                Example(
                    "no capture",
                    setup: WorldCommands.setup + ["capture /tmp/pfsh-lab.pcapng"]
                )
            ]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            guard let capture = host.capture else { throw Diagnostic("nothing is captured") }
            host.capture = nil
            let summary = try capture.finish(host.world, host.attachment, in: host)
            return .lines([CaptureText.text(summary)])
        }
    )
}

extension CaptureCommands {
    /// Writes what was sent in a stretch of the past.
    private static func past(
        _ path: Located<String>,
        _ phones: Selection?,
        from begin: MomentArgument?,
        to end: MomentArgument?,
        in host: inout ShellHost
    ) throws(Diagnostic) -> Output {
        guard let begin else {
            throw Diagnostic("`to` needs `from TIME` too", at: end?.range)
        }
        try host.checkClockIsVirtual("capturing the past")
        let from = try begin.time(in: host)
        let to =
            try end.map { (end) throws(Diagnostic) in try end.time(in: host) } ?? host.world.now
        guard to <= host.world.now else {
            throw Diagnostic("that is still to come", at: end?.range)
        }
        guard from < to else {
            throw Diagnostic("the stretch ends before it begins", at: begin.range)
        }
        let capture = TrafficCapture(path.node, phones)
        let past = try host.gather(from: from, to: to, at: begin.range, into: capture)
        let summary = try capture.write(past, until: to, in: host)
        return .lines([CaptureText.text(summary)])
    }
}

enum CaptureText {
    static func text(_ summary: TrafficCapture.Summary) -> String {
        var text = "\(Counted.text(summary.packets, "packet")), \(summary.bytes) bytes"
        if summary.isCut { text += "; the file is full, later packets are missing" }
        if summary.lost > 0 { text += "; \(summary.lost) records found no room" }
        return text
    }
}
