// A command is one declaration: its words, what it is for, its parameters, examples, and the
// closure that does it. The closure's parameters are the declared ones, which the compiler checks;
// synopsis, help, completion, manual and tests are derived.

/// A command of the shell.
public struct Command<HostType: Host>: Sendable {
    /// All but its code.
    public let signature: CommandSignature

    /// Does it, with one argument or nil for each parameter.
    let run: @Sendable (inout HostType, [Argument?]) throws(Diagnostic) -> Output

    /// Decodes one argument for each parameter and forgets it: what a check can say without a world.
    let checks: [@Sendable (Argument) throws(Diagnostic) -> Void]

    /// The command that `no` in front of the same words stands for; at most one.
    let inverse: [Command<HostType>]

    /// Declares a command.
    ///
    /// - Parameters:
    ///   - path: its words, joined by blanks: `"show phones"`. The longest path that matches wins.
    ///   - group: the family it is listed in.
    ///   - summary: one sentence that ends in a full stop.
    ///   - discussion: further paragraphs for the manual.
    ///   - parameter: the parameters, in the order of the closure's.
    ///   - changesWorld: whether it changes the world, so that `undo` and records know.
    ///   - mayBeAbbreviated: false where a prefix must never do, as for `remove` and `reset`.
    ///   - examples: at least one; each is run as a test.
    ///   - run: does it. Throws a diagnostic, and then must have changed nothing; a diagnostic
    ///     without a place gets the command's.
    public init<each Value>(
        _ path: String,
        group: CommandGroup,
        summary: String,
        discussion: String = "",
        _ parameter: repeat Parameter<each Value>,
        changesWorld: Bool = false,
        mayBeAbbreviated: Bool = true,
        examples: [Example],
        run:
            @escaping @Sendable (
                inout HostType, repeat each Value
            ) throws(Diagnostic) -> Output
    ) {
        var parameters: [ParameterSignature] = []
        var checks: [@Sendable (Argument) throws(Diagnostic) -> Void] = []
        for each in repeat each parameter {
            parameters.append(each.signature)
            checks.append(each.check)
        }
        self.checks = checks
        signature = CommandSignature(
            path: path.split(separator: " ").map(String.init),
            group: group,
            summary: summary,
            discussion: discussion,
            parameters: parameters,
            examples: examples,
            changesWorld: changesWorld,
            mayBeAbbreviated: mayBeAbbreviated
        )
        inverse = []
        self.run = { (host, arguments) throws(Diagnostic) -> Output in
            var reader = ArgumentReader(arguments: arguments)
            return try run(&host, repeat try reader.next(each parameter))
        }
    }

    private init(_ command: Command, signature: CommandSignature, inverse: [Command]) {
        self.signature = signature
        run = command.run
        checks = command.checks
        self.inverse = inverse
    }

    /// The same command, which always gives a table of these columns.
    ///
    /// A check and completion then know what can stand behind its filters.
    public func giving(_ columns: [Table.Column]) -> Command {
        var declared = signature
        declared.columns = columns.map(\.name)
        return Command(self, signature: declared, inverse: inverse)
    }

    /// The same command, undone by `no` in front of its words, as `inverse` declares it; the
    /// inverse is declared with the same path, without the `no`.
    public func undone(by inverse: Command) -> Command {
        Command(self, signature: signature, inverse: [inverse.prefixedByNo])
    }

    /// The same declaration that does something else, whatever its arguments; its inverse too.
    public func doing(
        _ work: @escaping @Sendable (inout HostType) throws(Diagnostic) -> Output
    ) -> Command {
        Command(
            signature: signature,
            checks: checks,
            inverse: inverse.map { $0.doing(work) },
            run: { (host, _) throws(Diagnostic) -> Output in try work(&host) }
        )
    }

    private init(
        signature: CommandSignature,
        checks: [@Sendable (Argument) throws(Diagnostic) -> Void],
        inverse: [Command],
        run: @escaping @Sendable (inout HostType, [Argument?]) throws(Diagnostic) -> Output
    ) {
        self.signature = signature
        self.checks = checks
        self.inverse = inverse
        self.run = run
    }

    private var prefixedByNo: Command {
        let prefixed = CommandSignature(
            path: ["no"] + signature.path,
            group: signature.group,
            summary: signature.summary,
            discussion: signature.discussion,
            parameters: signature.parameters,
            examples: signature.examples,
            changesWorld: signature.changesWorld,
            mayBeAbbreviated: signature.mayBeAbbreviated
        )
        return Command(self, signature: prefixed, inverse: [])
    }
}

/// Hands a command's arguments out in the order of its parameters.
private struct ArgumentReader {
    let arguments: [Argument?]
    var index = 0

    mutating func next<Value>(_ parameter: Parameter<Value>) throws(Diagnostic) -> Value {
        defer { index += 1 }
        return try parameter.decode(arguments[index])
    }
}
