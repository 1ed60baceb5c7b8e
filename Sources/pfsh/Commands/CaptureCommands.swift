// Captures for Wireshark of what simulated phones send.

import Interpreter
import PFSRuntime

enum CaptureCommands {
    static let all = [capture]

    static let capture = Command<ShellHost>(
        "capture",
        group: LogCommands.group,
        summary: "Capture what phones send from now on, for Wireshark.",
        discussion: "The file is pcapng with an interface for each phone; it is written by "
            + "`no capture`, or when the shell ends. Packets have the times of the log; peer messages "
            + "have the bytes of docs/protocol.md, which `tools/wireshark/cppdp.lua` dissects; files "
            + "are moved as flows, so their blocks are spread evenly over the time that they take, and "
            + "what is in them is made up. A capture changes nothing of what happens. "
            + "See docs/capture.md.",
        .argument("file", kind: .file, help: "the file to write"),
        .optional("phones", help: "whose packets; all if not given"),
        examples: [
            Example(
                "capture /tmp/pfsh-lab.pcapng P1\nno capture",
                setup: WorldCommands.setup
            )
        ]
    ) {
        (host: inout ShellHost, path: Located<String>, phones: Selection?)
            throws(Diagnostic) -> Output in
        guard host.capture == nil else {
            throw Diagnostic(
                "a capture goes on already",
                at: path.range,
                hints: ["`no capture` ends it and writes its file"]
            )
        }
        host.capture = TrafficCapture(path.node, phones, host.world)
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
            let summary = try capture.finish(host.world, in: host)
            return .lines([CaptureText.text(summary)])
        }
    )
}

enum CaptureText {
    static func text(_ summary: TrafficCapture.Summary) -> String {
        var text = "\(Counted.text(summary.packets, "packet")), \(summary.bytes) bytes"
        if summary.isCut { text += "; the file is full, later packets are missing" }
        if summary.lost > 0 { text += "; \(summary.lost) records found no room" }
        return text
    }
}
