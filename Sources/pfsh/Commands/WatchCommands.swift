// Looking at the same thing again and again while time passes.

import Interpreter
import PFSRuntime

enum WatchCommands {
    static let all = [watch]

    private static let standardInterval: Int64 = 1_000_000_000

    static let watch = Command<ShellHost>(
        "watch",
        group: TimeCommands.group,
        summary: "Let time pass, and show a command's output again and again.",
        discussion: "The world goes on by 1 s of virtual time, or by what `every` says, from one "
            + "showing to the next, until no phone has anything to do. On a terminal a showing "
            + "replaces the one before, ten a second at most: q or Ctrl-C ends, the space bar "
            + "pauses, any other key goes on at once. Elsewhere what differs from before is "
            + "printed below its time.\nFilters belong to each showing. The command may only look, "
            + "and cannot see variables.",
        .argument(
            "command",
            kind: ArgumentKind(.text, placeholder: "COMMAND", phrase: "a command to watch"),
            help: "what to show, and at its end `every DURATION`"
        ),
        changesWorld: true,
        examples: [
            Example(
                "watch show phones | count every 10m",
                setup: WorldCommands.setup + ["push 9.4(2)SR1 to all"]
            )
        ]
    ) { (host: inout ShellHost, text: RestOfLine) throws(Diagnostic) -> Output in
        let order = try WatchOrder(text.text, in: host)
        guard host.isInteractive, let screen = WatchScreen(environment: Environment.value) else {
            try order.print(in: &host)
            return .none
        }
        host.isEndAsked = { screen.isEndAsked }
        defer {
            host.isEndAsked = nil
            screen.close()
        }
        return .lines(try order.show(on: screen, in: &host))
    }

    /// A command to watch, and how often.
    private struct WatchOrder {
        let line: String
        let interval: Int64

        init(_ text: String, in host: ShellHost) throws(Diagnostic) {
            let (line, interval) = try Self.split(text)
            self.line = host.notebook.expanded(line)
            self.interval = interval
            guard let registry = host.registry else { return }
            let parsed = registry.parse(
                SourceText(name: "", text: self.line),
                abbreviates: host.isInteractive
            )
            if let error = parsed.diagnostics.first { throw error }
            guard parsed.script.isOneCommand,
                !parsed.script.mayChangeWorld(registry.grammar)
            else {
                throw Diagnostic(
                    "`\(self.line)` is not one command that only looks",
                    hints: ["such as watch show phones every 10s"]
                )
            }
        }

        /// Takes `every DURATION` off the end.
        private static func split(
            _ text: String
        ) throws(Diagnostic) -> (line: String, interval: Int64) {
            let words = text.split(separator: " ")
            guard words.count > 2, words[words.count - 2] == "every" else {
                return (text, standardInterval)
            }
            let line = words.dropLast(2).joined(separator: " ")
            guard let last = words.last,
                case .duration(let length) = Value(quantity: String(last)), length > 0
            else {
                throw Diagnostic("expected a duration such as 10s behind `every`")
            }
            return (line, length)
        }

        /// What the command shows now.
        private func showing(in host: ShellHost) throws(Diagnostic) -> [String] {
            guard let registry = host.registry else { return [] }
            let sink = TextSink(width: host.output.columns)
            // A copy of the host: the command looks at the same world and changes nothing else.
            var interpreter = Interpreter(host: host, registry: registry, sink: sink)
            let source = SourceText(name: "", text: line)
            let outcome = interpreter.run(source, mode: host.isInteractive ? .prompt : .script)
            if case .failed(let kind) = outcome {
                throw sink.diagnostics.last ?? Diagnostic("`\(line)` failed", kind: kind)
            }
            return sink.text.split(separator: "\n", omittingEmptySubsequences: false)
                .dropLast().map(String.init)
        }

        private func advance(_ host: inout ShellHost) throws(Diagnostic) {
            let limit = host.world.now + Interval(nanoseconds: interval)
            try host.run(until: min(limit, .latest))
        }

        /// Whether something is left to happen.
        private func goesOn(_ host: ShellHost) -> Bool {
            !host.world.isIdle && host.world.nextEventAt != nil && host.world.now < .latest
        }

        func print(in host: inout ShellHost) throws(Diagnostic) {
            var last: [String]?
            while true {
                let lines = try showing(in: host)
                if lines != last { host.output.print([host.displayTime(host.now)] + lines) }
                last = lines
                guard goesOn(host) else { return }
                try advance(&host)
            }
        }

        /// Answers the last showing, to be left on the screen.
        func show(
            on screen: WatchScreen,
            in host: inout ShellHost
        ) throws(Diagnostic) -> [String] {
            let length = Value.duration(nanoseconds: interval).text
            while true {
                let lines = try showing(in: host)
                let heading = "\(host.displayTime(host.now))  every \(length): \(line)"
                screen.show("\(heading)  (q ends, space pauses)", lines)
                guard goesOn(host), case .goOn = screen.wait() else {
                    return [heading] + screen.fitting(lines)
                }
                try advance(&host)
            }
        }
    }
}
