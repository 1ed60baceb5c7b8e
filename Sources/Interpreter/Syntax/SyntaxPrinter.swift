// A tree as text, in the language's standard form: one statement a line, four blanks a level, one
// blank around operators, parentheses only where they are needed. Parsing what was printed and
// printing it again gives the same text. Comments are not part of the tree; with the text that the tree
// was read from they are printed too, as are single blank lines (see `SyntaxPrinter+Comments`).

/// Prints trees as scripts.
public struct SyntaxPrinter {
    var lines: [String] = []
    var level = 0
    /// The text the tree was read from, and how far of it has been printed; nil for the tree alone.
    var original: Original?

    /// A script in standard form, each line with its line end; without comments.
    public static func text(_ script: Script) -> String {
        var printer = SyntaxPrinter()
        printer.write(script.statements)
        return printer.text
    }

    var text: String { lines.map { $0 + "\n" }.joined() }

    /// A text in quotes, with escapes where it needs them.
    public static func quoted(_ text: String) -> String { "\"" + escaped(text) + "\"" }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\"", "\\", "$": result += "\\" + String(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    // MARK: Statements

    mutating func write(_ statements: [Statement]) {
        for statement in statements {
            begin(statement)
            if let kept = keptAsWritten(statement) { line(kept) } else { write(statement) }
            original?.position = Int(statement.range.end)
        }
    }

    mutating func line(_ text: String) {
        lines.append(String(repeating: " ", count: 4 * level) + text)
    }

    private mutating func write(_ statement: Statement) {
        switch statement.kind {
        case .command(let call): line(SyntaxPrinter.text(call))
        case .binding(let name, let value): line("let \(name.node) = \(SyntaxPrinter.text(value))")
        case .say(let value, let filters):
            line("say \(SyntaxPrinter.text(value))" + SyntaxPrinter.text(filters))
        case .exit(let status): line("exit" + (status.map { " " + SyntaxPrinter.text($0) } ?? ""))
        case .source(let path): line("source \(SyntaxPrinter.word(path))")
        case .expectation(let expectation): line(SyntaxPrinter.text(expectation))
        case .block(let block): write("", block)
        case .repetition(let count, let block): write("repeat \(SyntaxPrinter.text(count)) ", block)
        case .loop(let condition, let block):
            write("while \(SyntaxPrinter.text(condition)) ", block)
        case .forEach(let variable, let sequence, let block):
            write("for \(variable.node) in \(SyntaxPrinter.text(sequence)) ", block)
        case .conditional(let branches, let otherwise):
            var head = "if "
            for branch in branches {
                write(head + SyntaxPrinter.text(branch.condition) + " ", branch.block)
                head = lines.removeLast().drop { $0 == " " } + " else if "
            }
            head.removeLast(9)
            guard let otherwise else { return line(head) }
            write(head + " else ", otherwise)
        case .procedure(let procedure):
            var words = ["proc", procedure.name.node]
            for parameter in procedure.parameters {
                let value = parameter.defaultValue.map { "=" + SyntaxPrinter.text($0) } ?? ""
                words.append(parameter.name.node + value)
            }
            write(words.joined(separator: " ") + " ", procedure.body)
        case .call(let call, let result, let filters):
            let head = result.map { "let \($0.node) = " } ?? ""
            line(head + SyntaxPrinter.text(call) + SyntaxPrinter.text(filters))
        case .returning(let value):
            line("return" + (value.map { " " + SyntaxPrinter.text($0) } ?? ""))
        case .parameter(let name, let value):
            line("parameter \(name.node) = \(SyntaxPrinter.text(value))")
        case .test(let name, let block): write("test \(SyntaxPrinter.word(name)) ", block)
        case .trial(let block): write("try ", block)
        case .never(let condition): line("never \(SyntaxPrinter.text(condition))")
        case .at(.virtual(let time), let block): write("at \(SyntaxPrinter.text(time)) ", block)
        case .at(.timeOfDay(let time), let block): write("at \(time.node) ", block)
        case .every(let interval, let block): write("every \(SyntaxPrinter.text(interval)) ", block)
        case .when(let condition, let block): write("when \(SyntaxPrinter.text(condition)) ", block)
        }
    }

    private static func text(_ call: ProcedureCall) -> String {
        let arguments = call.arguments.map {
            ($0.name.map { $0.node + "=" } ?? "") + text($0.content)
        }
        return ([call.name.node] + arguments).joined(separator: " ")
    }

    static func text(_ content: CallArgument.Content) -> String {
        switch content {
        case .word(let template): return word(template)
        case .expression(let expression):
            if case .list = expression.kind { return text(expression) }
            return "(\(text(expression)))"
        }
    }

    private mutating func write(_ head: String, _ block: Block) {
        open(block)
        line(head + "{")
        level += 1
        write(block.statements)
        close(block)
        level -= 1
        line("}")
    }

    private static func text(_ expectation: Expectation) -> String {
        var text = "expect \(text(expectation.condition))"
        if let message = expectation.message { text += " " + word(message) }
        if let within = expectation.within { text += " within " + self.text(within) }
        return text
    }

    private static func text(_ sequence: Sequence) -> String {
        switch sequence {
        case .list(let expression): text(expression)
        case .numbers(let low, let high): "\(text(low))..\(text(high))"
        case .selector(let selector): text(selector)
        }
    }

    // MARK: Commands

    static func text(_ call: CommandCall) -> String {
        var parts = [call.name]
        for argument in call.arguments {
            if let keyword = argument.keyword { parts.append(keyword) }
            switch argument.syntax {
            case .flag: break
            case .word(let template): parts.append(word(template))
            case .list(let words): parts.append(words.map(word).joined(separator: ","))
            case .selector(let selector): parts.append(text(selector))
            case .expression(let expression): parts.append(text(expression))
            case .pattern(let pattern): parts.append(text(pattern))
            case .text(let text): parts.append(text)
            }
        }
        if parts.count == 2, call.name == "!" { return parts.joined() }
        return parts.joined(separator: " ") + text(call.filters)
    }

    private static func text(_ filters: [FilterCall]) -> String {
        filters.map { " | " + text($0) }.joined()
    }

    private static func text(_ call: FilterCall) -> String {
        let argument =
            switch call.argument {
            case .none: ""
            case .pattern(let pattern): text(pattern)
            case .columns(let names): names.map { columnName($0.node) }.joined(separator: ",")
            case .order(let name, let isDescending):
                columnName(name.node) + (isDescending ? " desc" : "")
            case .condition(let expression), .count(let expression): text(expression)
            case .file(let path): word(path)
            }
        return argument.isEmpty ? call.filter.rawValue : "\(call.filter.rawValue) \(argument)"
    }

    private static func columnName(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { $0 > 0x20 && !"\"\\$,;{}#|".utf8.contains($0) }
        return isPlain ? name : quoted(name)
    }

    /// A raw word or a string as it may be written.
    ///
    /// A word that was written with a backslash counts as quoted, so that a word printed bare holds
    /// nothing that would need one.
    static func word(_ template: Template) -> String {
        var text = ""
        for (index, piece) in template.pieces.enumerated() {
            switch piece {
            case .text(let stretch): text += template.isQuoted ? escaped(stretch) : stretch
            case .variable(let name, _):
                let rest = template.pieces[(index + 1)...]
                text += continuesName(rest.first) ? "${\(name)}" : "$\(name)"
            case .expression(let expression): text += "${\(self.text(expression))}"
            }
        }
        return template.isQuoted ? "\"\(text)\"" : text
    }

    private static func continuesName(_ piece: Template.Piece?) -> Bool {
        guard case .text(let text) = piece, let first = text.unicodeScalars.first else {
            return false
        }
        return Lexer.continuesName(first, dashed: false)
    }

    static func text(_ pattern: PatternSyntax) -> String {
        switch pattern {
        case .template(let template): word(template)
        case .slashed(let text, _): "/" + slashed(text) + "/"
        }
    }

    private static func slashed(_ text: String) -> String {
        text.unicodeScalars.map { $0 == "/" ? "\\/" : String($0) }.joined()
    }
}
