// Procedures, their calls, tests, and statements that wait:
//
//   proc       = "proc" NAME {VARIABLE ["=" argument]} block
//   return     = "return" [expression]
//   call       = NAME {[VARIABLE "="] argument} {"|" filter}
//   argument   = "(" expression ")" | "[" list "]" | STRING | WORD
//   parameter  = "parameter" VARIABLE "=" expression
//   test       = "test" STRING block
//   try        = "try" block
//   never      = "never" expression
//   at         = "at" (CLOCK | expression) block
//   every      = "every" expression block
//   when       = "when" expression block
//
// A name is that of a procedure if the text defines it anywhere, or the session already knows it;
// behind a `source` an unknown command may be one that the sourced script defines.

extension Parser {
    /// Reads the rest of a statement that begins with one of the words above; nil if none does.
    mutating func definition(_ word: Located<String>) throws(Diagnostic) -> Statement.Kind? {
        switch word.node {
        case "proc": return .procedure(try procedure())
        case "return":
            guard isInProcedure else {
                throw fail("`return` stands inside a proc", at: word.range)
            }
            return .returning(isAtEndOfStatement ? nil : try expression())
        case "parameter":
            let (name, value) = try assignment()
            return .parameter(name: name, value: value)
        case "test":
            note(.word("\"", help: "what is tested"))
            guard lexer.peek() == UInt8(ascii: "\"") else {
                throw expected("the name of the test in quotes")
            }
            let name = try stringTemplate()
            return .test(name: name, try detachedBlock())
        case "try": return .trial(try detachedBlock())
        case "never": return .never(try expression())
        case "at":
            let moment = try moment()
            return .at(moment, try detachedBlock())
        case "every":
            let interval = try expression()
            return .every(interval, try detachedBlock())
        case "when":
            let condition = try expression()
            return .when(condition, try detachedBlock())
        default: return nil
        }
    }

    /// A block that does not run as part of the procedure around it, so that it cannot return.
    private mutating func detachedBlock() throws(Diagnostic) -> Block {
        let outer = isInProcedure
        isInProcedure = false
        defer { isInProcedure = outer }
        return try block()
    }

    private mutating func moment() throws(Diagnostic) -> Moment {
        let start = lexer.position
        if let word = peekWord(), word.contains(":"), word.utf8.first.map(Lexer.isDigit) == true {
            lexer.position += word.utf8.count
            return .timeOfDay(Located(word, at: lexer.range(from: start)))
        }
        return .virtual(try expression())
    }

    // MARK: Procedures

    private mutating func procedure() throws(Diagnostic) -> Procedure {
        skip()
        guard let name = lexer.name() else { throw expected("the name of the procedure") }
        let isTaken =
            grammar.commandsByFirstWord[name.node] != nil
            || Grammar.statementWords.contains(name.node) || name.node == "no"
        if isTaken { throw fail("`\(name.node)` is a command already", at: name.range) }
        var parameters: [Procedure.Parameter] = []
        while true {
            lexer.skipBlanks()
            if lexer.peek() == UInt8(ascii: "{") || isAtEndOfStatement { break }
            parameters.append(try parameter(behind: parameters))
        }
        if !procedures.contains(name.node) { procedures.append(name.node) }
        let outer = isInProcedure
        isInProcedure = true
        defer { isInProcedure = outer }
        return Procedure(name: name, parameters: parameters, body: try block())
    }

    private mutating func parameter(
        behind earlier: [Procedure.Parameter]
    ) throws(Diagnostic) -> Procedure.Parameter {
        let name = try variableName()
        if earlier.contains(where: { $0.name.node == name.node }) {
            throw fail("there is a parameter \(name.node) already", at: name.range)
        }
        if lexer.peek() == UInt8(ascii: "=") {
            lexer.position += 1
            return Procedure.Parameter(name: name, defaultValue: try argumentContent())
        }
        if earlier.last?.defaultValue != nil {
            throw fail("parameters without a default come first", at: name.range)
        }
        return Procedure.Parameter(name: name, defaultValue: nil)
    }

    /// Whether the value behind `let NAME =` is that of a call.
    ///
    /// A name that a sourced script may define is taken for one if an argument stands behind it.
    var isCallAssigned: Bool {
        guard let word = peekWord(), lexer.nameLength() == word.utf8.count else { return false }
        if procedures.contains(word) { return true }
        var behind = lexer
        behind.position += word.utf8.count
        guard sourcesOthers, behind.skipBlanks() else { return false }
        if behind.take(word: "and") || behind.take(word: "or") { return false }
        let next = behind.peek()
        return behind.nameLength() > 0 || Lexer.isDigit(next) || "\"$([".utf8.contains(next)
    }

    /// Reads a call if the word here is a procedure's name.
    mutating func procedureCall() throws(Diagnostic) -> ProcedureCall? {
        let start = lexer.position
        guard let word = peekWord(), lexer.nameLength() == word.utf8.count else { return nil }
        let mayComeLater = sourcesOthers && grammar.commandsByFirstWord[word] == nil
        guard procedures.contains(word) || mayComeLater else { return nil }
        lexer.position += word.utf8.count
        let name = Located(word, at: lexer.range(from: start))
        var arguments: [CallArgument] = []
        while true {
            lexer.skipBlanks()
            note(.callArgument(of: word, behind: arguments.map { $0.name?.node ?? "" }))
            if isAtEndOfStatement || lexer.peek() == UInt8(ascii: "{") { break }
            arguments.append(try callArgument())
        }
        return ProcedureCall(name: name, arguments: arguments)
    }

    private mutating func callArgument() throws(Diagnostic) -> CallArgument {
        let start = lexer.position
        let length = lexer.nameLength(dashed: false)
        var name: Located<String>?
        if length > 0, lexer.peek(length) == UInt8(ascii: "=") {
            lexer.position += length
            name = Located(lexer.text(from: start), at: lexer.range(from: start))
            lexer.position += 1
        }
        let content = try argumentContent()
        return CallArgument(name: name, content: content, range: lexer.range(from: start))
    }

    private mutating func argumentContent() throws(Diagnostic) -> CallArgument.Content {
        switch lexer.peek() {
        case UInt8(ascii: "("):
            lexer.position += 1
            brackets += 1
            defer { brackets -= 1 }
            let inner = try expression()
            skip()
            guard lexer.peek() == UInt8(ascii: ")") else { throw expected("`)`") }
            lexer.position += 1
            return .expression(inner)
        case UInt8(ascii: "["): return .expression(try expression())
        default: return .word(try wordTemplate("an argument"))
        }
    }

    /// The names behind `proc` at the beginning of a statement anywhere in the text, so that a
    /// procedure can be called above its definition.
    static func definedNames(in source: SourceText) -> [String] {
        var lexer = Lexer(source.bytes)
        var names: [String] = []
        var isStart = true
        while !lexer.isAtEnd {
            lexer.skipBlanks()
            if isStart, lexer.take(word: "proc"), lexer.skipBlanks(), let name = lexer.name() {
                names.append(name.node)
            }
            isStart = "\n;{".utf8.contains(lexer.peek())
            lexer.position += 1
        }
        return names
    }
}
