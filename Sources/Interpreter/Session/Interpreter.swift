// A session: a host, its registry, the variables, and where output goes. A text is parsed wholly
// before any of it runs; it stops at its first error, and what came before stays done.

/// How a text ended.
public enum Outcome: Sendable, Equatable {
    /// All statements ran.
    case finished

    /// A statement `exit` asked the session to end with this status.
    case exit(Int32)

    /// An error stopped it; it has been reported. The kind gives the exit status.
    case failed(Diagnostic.Kind)

    /// The text only stops too early, as an open block does: nothing ran, nothing was reported.
    case needsMore

    /// The status of a process that ends now.
    public var exitStatus: Int32 {
        switch self {
        case .finished: 0
        case .exit(let status): status
        case .failed(let kind): kind.exitStatus
        case .needsMore: Diagnostic.Kind.mistake.exitStatus
        }
    }
}

/// Runs texts against a host.
public struct Interpreter<HostType: Host> {
    /// What a text may take for granted about who typed it.
    public enum Mode: Sendable {
        /// Typed at a prompt: unambiguous prefixes count, and an open block asks for more.
        case prompt

        /// From a file, `-c` or a pipe: whole words, and an open block is an error.
        case script
    }

    /// The world.
    public var host: HostType

    /// What can be called.
    public let registry: Registry<HostType>

    /// Where output and diagnostics go.
    public internal(set) var sink: any OutputSink

    var evaluator: ExpressionEvaluator<HostType>
    /// The texts that are being run, innermost last.
    var frames: [SourceFrame] = []
    /// Procedures by name; looked up only.
    var procedures: [String: DefinedProcedure] = [:]
    /// Values of parameters that the script's call gave, as written, by name; looked up only.
    var parameterTexts: [String: String] = [:]
    /// Calls of procedures that are under way.
    var callDepth = 0
    /// Blocks that are being run.
    var openBlocks = 0

    /// How the tests ended so far, in their order.
    public internal(set) var testResults: [TestResult] = []

    /// A session with no variables.
    public init(host: HostType, registry: Registry<HostType>, sink: any OutputSink) {
        self.host = host
        self.registry = registry
        self.sink = sink
        evaluator = ExpressionEvaluator(registry: registry)
        self.host.agenda = Agenda()
    }

    /// The names of all procedures, sorted.
    var procedureNames: [String] { procedures.keys.sorted() }

    /// Gives a variable its value, as for a script's arguments `1`, `2` and `args`.
    public mutating func setVariable(_ name: String, to value: Value) {
        evaluator.scope.set(name, to: value)
    }

    /// Gives a script's arguments to `$1`, `$2`, … and `$args`; one of the form NAME=VALUE is also
    /// the value of the script's parameter of that name.
    public mutating func setArguments(_ arguments: [String]) {
        for (index, argument) in arguments.enumerated() {
            setVariable(String(index + 1), to: .string(argument))
            if let sign = argument.firstIndex(of: "="), sign > argument.startIndex {
                let value = argument[argument.index(after: sign)...]
                parameterTexts[String(argument[..<sign])] = String(value)
            }
        }
        setVariable("args", to: .list(arguments.map { .string($0) }))
    }

    /// Whether a text only stops too early, as an open block or string does.
    public func needsMore(_ text: String) -> Bool {
        let source = SourceText(name: "", text: text)
        return Parser.parse(
            source,
            grammar: registry.grammar,
            abbreviates: true,
            procedures: procedureNames
        ).needsMore
    }

    /// Runs a text.
    ///
    /// Errors are reported to the sink; the world keeps what was done before them.
    public mutating func run(_ source: SourceText, mode: Mode) -> Outcome {
        run(source, mode: mode, isFile: false)
    }

    private mutating func run(_ source: SourceText, mode: Mode, isFile: Bool) -> Outcome {
        let parsed = Parser.parse(
            source,
            grammar: registry.grammar,
            abbreviates: mode == .prompt,
            procedures: procedureNames
        )
        if parsed.needsMore, mode == .prompt { return .needsMore }
        guard parsed.diagnostics.isEmpty else {
            for diagnostic in parsed.diagnostics { sink.report(diagnostic) }
            return .failed(.mistake)
        }
        evaluator.budget = StepBudget()
        host.willRun(source)
        let depth = evaluator.scope.depth
        let earlierTests = testResults.count
        frames = [SourceFrame(text: source, isFile: isFile)]
        defer {
            evaluator.scope.close(to: depth)
            frames = []
        }
        do throws(Unwinding) {
            define(proceduresOf: parsed.script.statements)
            try run(parsed.script.statements)
            return outcome(ofTestsFrom: earlierTests)
        } catch {
            switch error {
            case .returned: return .finished
            case .exit(let status): return .exit(status)
            case .failure(let diagnostic):
                sink.report(repeatable(diagnostic))
                return .failed(diagnostic.kind)
            }
        }
    }

    /// A failed expectation with the command that repeats it.
    func repeatable(_ diagnostic: Diagnostic) -> Diagnostic {
        guard diagnostic.kind == .failedExpectation, let command = host.repetition else {
            return diagnostic
        }
        var whole = diagnostic
        whole.notes.append(Diagnostic.Note("again with: \(command)"))
        return whole
    }

    /// The gravest failure of the tests from a place on; a mistake outranks a failed expectation.
    private func outcome(ofTestsFrom first: Int) -> Outcome {
        let kinds = testResults[first...].compactMap { $0.failure?.kind }
        let gravest = kinds.max { $0.exitStatus < $1.exitStatus }
        return gravest.map { .failed($0) } ?? .finished
    }

    /// Reads and runs the script at `path`, as a process does with its first argument.
    public mutating func runFile(_ path: String) -> Outcome {
        do throws(Diagnostic) {
            let source = try read(path, including: nil, at: nil)
            return run(source, mode: .script, isFile: true)
        } catch {
            sink.report(error)
            return .failed(error.kind)
        }
    }

    func read(
        _ path: String,
        including: String?,
        at range: SourceRange?
    ) throws(Diagnostic) -> SourceText {
        let file: (name: String, bytes: [UInt8])
        do throws(SourceReadFailure) {
            file = try host.readSource(path, including: including)
        } catch {
            throw error.diagnostic(path, at: range)
        }
        do throws(Diagnostic) {
            return try SourceText(name: file.name, bytes: file.bytes)
        } catch {
            var placed = error
            placed.range = range
            throw placed
        }
    }
}

/// A text that is being run.
struct SourceFrame {
    let text: SourceText
    /// Whether its name is a path to which relative paths in it belong.
    let isFile: Bool
    /// Whether it is there because a procedure of it was called, not because it was sourced.
    var isCall = false
}

/// Why statements stop before their end.
enum Unwinding: Error {
    case failure(Diagnostic)
    case exit(Int32)
    /// A procedure's call ends, with a value or without.
    case returned(Value?)
}
