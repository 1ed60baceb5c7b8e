// From text to tree. The grammar of statements, where NL is a line end or `;` and every word is
// read by position (see `Lexer`):
//
//   script      = { statement NL }
//   statement   = let | say | exit | for | repeat | if | while | expect | source | block | proc
//               | return | parameter | test | try | never | at | every | when | call | command
//   let         = "let" VARIABLE "=" (call | expression)
//   say         = "say" expression {"|" filter}
//   exit        = "exit" [expression]
//   for         = "for" VARIABLE "in" (selector | expression [".." expression]) block
//   repeat      = "repeat" expression block
//   if          = "if" expression block {"else" "if" expression block} ["else" block]
//   while       = "while" expression block
//   expect      = "expect" expression [STRING] ["within" expression]
//   source      = "source" WORD
//   block       = "{" { statement NL } "}"
//   command     = the words of a registered command, then its arguments as declared {"|" filter}
//   filter      = ("include" | "exclude" | "begin") PATTERN | "count" | "columns" NAME {"," NAME}
//               | "sort" NAME ["desc"] | "where" expression | ("head" | "tail") expression
//               | "json" | "csv" | "save" WORD
//
// `Parser+Definitions`, `Parser+Commands`, `Parser+Selectors` and `Parser+Expressions` hold the rest. The parser collects
// diagnostics: after an error it goes on behind the statement, so that one run reports them all. It
// can also note what could have stood at each place it looked at, which is what completion reads.

/// What parsing gives.
public struct ParseResult: Sendable {
    /// The statements that were understood.
    public var script: Script

    /// What was wrong, in the order of the text.
    public var diagnostics: [Diagnostic]

    /// Whether the text only stops too early, as an open block does, so that a prompt should ask
    /// for more rather than show the diagnostics.
    public var needsMore: Bool
}

/// Reads one source text.
struct Parser {
    let source: SourceText
    let grammar: Grammar
    /// Whether unambiguous prefixes of command words count, as at a prompt.
    let abbreviates: Bool
    var lexer: Lexer
    var diagnostics: [Diagnostic] = []
    var needsMore = false
    /// Whether there was an error that more text cannot cure, so that a prompt should say it now.
    var hasEarlierErrors = false
    var nesting = 0
    /// The names of procedures that a call can be of.
    var procedures: [String]
    /// Whether another script was sourced above, which may define further procedures.
    var sourcesOthers = false
    var isInProcedure = false
    var operators = 0
    /// Brackets that are open; within them a line end is a blank.
    var brackets = 0
    /// What bare words of an expression are here.
    var operandWords = OperandWords.none
    /// The columns of what goes through the filter that is being read, if they are known.
    var pipeColumns: [String]?
    /// What could stand where, if asked for.
    var expectations: [(position: Int, expected: Expected)] = []
    var recordsExpectations = false

    init(
        _ source: SourceText,
        grammar: Grammar,
        abbreviates: Bool,
        procedures: [String] = []
    ) {
        self.source = source
        self.procedures = procedures + Self.definedNames(in: source)
        self.grammar = grammar
        self.abbreviates = abbreviates
        lexer = Lexer(source.bytes)
    }

    /// Parses the whole text.
    static func parse(
        _ source: SourceText,
        grammar: Grammar,
        abbreviates: Bool = false,
        procedures: [String] = []
    ) -> ParseResult {
        var parser = Parser(
            source,
            grammar: grammar,
            abbreviates: abbreviates,
            procedures: procedures
        )
        let statements = parser.statements(inBlock: false)
        if parser.lexer.endsInContinuation {
            parser.needsMore = true
            parser.report(
                parser.fail(
                    "`\\` goes on in the next line, and there is none",
                    from: source.bytes.count - 1,
                    length: 1
                )
            )
        }
        return ParseResult(
            script: Script(statements: statements),
            diagnostics: parser.diagnostics,
            // What lacks in a line that goes on may stand in the next.
            needsMore: parser.lexer.endsInContinuation
                || (parser.needsMore && !parser.hasEarlierErrors)
        )
    }

    // MARK: Statements

    /// Reads statements up to the text's end or, in a block, up to its closing brace.
    mutating func statements(inBlock: Bool) -> [Statement] {
        var statements: [Statement] = []
        while diagnostics.count < Limits.reportedErrors {
            skipBetweenStatements()
            if lexer.isAtEnd {
                if isBetweenStatements { note(.statement) }
                break
            }
            if lexer.peek() == UInt8(ascii: "}") {
                if inBlock { break }
                report(fail("`}` closes nothing", from: lexer.position, length: 1))
                lexer.position += 1
                continue
            }
            do throws(Diagnostic) {
                let statement = try statement()
                try expectEndOfStatement()
                statements.append(statement)
            } catch {
                report(error)
                recover()
            }
        }
        return statements
    }

    /// Whether nothing of a statement stands in front of this place.
    private var isBetweenStatements: Bool {
        let before = source.bytes[..<lexer.position].last { !Lexer.isBlank($0) }
        return before.map { "\n;{".utf8.contains($0) } ?? true
    }

    private mutating func skipBetweenStatements() {
        while true {
            lexer.skipLines()
            if lexer.peek() == UInt8(ascii: ";") {
                lexer.position += 1
            } else if lexer.peek() == UInt8(ascii: "!"), lexer.isSpace(ahead: 1) {
                lexer.skipToLineEnd()
            } else {
                return
            }
        }
    }

    private mutating func statement() throws(Diagnostic) -> Statement {
        operators = 0
        brackets = 0
        note(.statement)
        let start = lexer.position
        if lexer.peek() == UInt8(ascii: "{") {
            let block = try block()
            return Statement(kind: .block(block), range: block.range)
        }
        if let kind = try keywordStatement() {
            return Statement(kind: kind, range: lexer.range(from: start))
        }
        if let call = try outsideCommand() {
            return Statement(kind: .command(call), range: lexer.range(from: start))
        }
        if let call = try procedureCall() {
            let kind = Statement.Kind.call(call, result: nil, try pipeline(of: nil))
            return Statement(kind: kind, range: lexer.range(from: start))
        }
        return Statement(kind: .command(try command()), range: lexer.range(from: start))
    }

    private mutating func keywordStatement() throws(Diagnostic) -> Statement.Kind? {
        let start = lexer.position
        guard let word = lexer.name() else { return nil }
        guard lexer.isSpace() || [";", "}", "{", "#"].contains(where: lexer.starts(with:)) else {
            lexer.position = start
            return nil
        }
        skip()
        switch word.node {
        case "let": return try binding()
        case "say":
            let value = try expression()
            return .say(value, try pipeline(of: nil))
        case "exit": return .exit(isAtEndOfStatement ? nil : try expression())
        case "quit": return .exit(nil)
        case "for": return try forEach()
        case "repeat":
            let count = try expression()
            return .repetition(count: count, try block())
        case "if": return try conditional()
        case "while":
            let condition = try expression()
            return .loop(condition: condition, try block())
        case "expect":
            // What else can be expected, the host declares: a command of two words or more.
            if let next = peekWord(), grammar.isCommand("expect", next) {
                lexer.position = start
                return nil
            }
            return .expectation(try expectation())
        case "source":
            note(.file)
            sourcesOthers = true
            return .source(try wordTemplate("the name of a file"))
        default:
            if let kind = try definition(word) { return kind }
            lexer.position = start
            return nil
        }
    }

    private mutating func binding() throws(Diagnostic) -> Statement.Kind {
        let name = try assignedName()
        skip()
        note(.procedure)
        if isCallAssigned, let call = try procedureCall() {
            return .call(call, result: name, [])
        }
        return .binding(name: name, value: try expression())
    }

    /// Reads `NAME = EXPRESSION`.
    mutating func assignment() throws(Diagnostic) -> (name: Located<String>, value: Expression) {
        (try assignedName(), try expression())
    }

    private mutating func assignedName() throws(Diagnostic) -> Located<String> {
        let name = try variableName()
        skip()
        guard lexer.peek() == UInt8(ascii: "="), lexer.peek(1) != UInt8(ascii: "=") else {
            throw expected("`=` and a value for \(name.node)")
        }
        lexer.position += 1
        return name
    }

    mutating func variableName() throws(Diagnostic) -> Located<String> {
        skip()
        if lexer.peek() == UInt8(ascii: "$") {
            throw fail(
                "a variable is named without `$` where it gets its value",
                from: lexer.position,
                length: 1
            )
        }
        guard let name = lexer.name(dashed: false) else {
            throw expected("the name of a variable")
        }
        if lexer.peek() == UInt8(ascii: "-") {
            throw fail(
                "the name of a variable holds letters, digits and `_` only",
                from: Int(name.range.start),
                length: name.node.utf8.count + 1
            )
        }
        return name
    }

    private mutating func forEach() throws(Diagnostic) -> Statement.Kind {
        let variable = try variableName()
        skip()
        note(.word("in", help: "what to go through"))
        guard lexer.take(word: "in") else { throw expected("`in`") }
        skip()
        note(.selector)
        let first = lexer.peek()
        let isExpression = Lexer.isDigit(first) || "[$-\"(".utf8.contains(first)
        guard isExpression, !selectorFollowsParenthesis, !isAtShare else {
            let selector = try selector(stops: [])
            return .forEach(variable: variable, in: .selector(selector), try block())
        }
        let low = try expression()
        if lexer.starts(with: "..") {
            lexer.position += 2
            let high = try expression()
            return .forEach(variable: variable, in: .numbers(low, high), try block())
        }
        return .forEach(variable: variable, in: .list(low), try block())
    }

    /// Whether a parenthesis stands here: in a `for` it groups a selector, as a list has brackets.
    private var selectorFollowsParenthesis: Bool { lexer.peek() == UInt8(ascii: "(") }

    private mutating func conditional() throws(Diagnostic) -> Statement.Kind {
        var branches: [Branch] = []
        while true {
            let condition = try expression()
            branches.append(Branch(condition: condition, block: try block()))
            lexer.skipBlanks()
            note(.word("else", help: "what to do otherwise"))
            guard lexer.take(word: "else") else { return .conditional(branches, otherwise: nil) }
            lexer.skipBlanks()
            note(.word("if", help: "a further condition"))
            guard lexer.take(word: "if") else {
                return .conditional(branches, otherwise: try block())
            }
        }
    }

    private mutating func expectation() throws(Diagnostic) -> Expectation {
        var result = Expectation(condition: try expression(), message: nil, within: nil)
        while true {
            skip()
            if result.message == nil { note(.word("\"", help: "a message if it does not hold")) }
            if result.within == nil { note(.word("within", help: "how long it may take")) }
            if result.message == nil, lexer.peek() == UInt8(ascii: "\"") {
                result.message = try stringTemplate()
            } else if result.within == nil, lexer.take(word: "within") {
                result.within = try expression()
            } else {
                return result
            }
        }
    }

    /// Reads `{ … }`.
    mutating func block() throws(Diagnostic) -> Block {
        lexer.skipBlanks()
        note(.word("{", help: "a block"))
        let start = lexer.position
        guard lexer.peek() == UInt8(ascii: "{") else { throw expected("`{`") }
        try enter(from: start)
        defer { nesting -= 1 }
        lexer.position += 1
        let outerBrackets = brackets
        brackets = 0
        let statements = statements(inBlock: true)
        brackets = outerBrackets
        guard lexer.peek() == UInt8(ascii: "}") else {
            if lexer.isAtEnd { needsMore = true }
            throw fail("this block is not closed", from: start, length: 1)
        }
        lexer.position += 1
        return Block(statements: statements, range: lexer.range(from: start))
    }
}
