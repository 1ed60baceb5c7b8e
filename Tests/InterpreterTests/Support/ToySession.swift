// A session on the toy world with its output kept, as nearly every test needs it.

import Interpreter

struct ToySession {
    let sink = TextSink()
    var interpreter: Interpreter<ToyHost>

    init(_ lines: [String] = [], host: ToyHost = ToyHost()) {
        interpreter = Interpreter(host: host, registry: ToyCommands.registry, sink: sink)
        for line in lines { _ = run(line) }
    }

    @discardableResult
    mutating func run(
        _ text: String,
        mode: Interpreter<ToyHost>.Mode = .script
    ) -> Outcome {
        interpreter.run(SourceText(name: "test", text: text), mode: mode)
    }

    /// All that was said, errors included, each as it is shown.
    var transcript: String {
        sink.text + sink.diagnostics.map(DiagnosticRenderer.text).joined()
    }
}
