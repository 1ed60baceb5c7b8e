// Expressions, loosest first:
//
//   expression = conjunction {"or" conjunction}
//   conjunction = negation {"and" negation}
//   negation   = "not" negation | comparison
//   comparison = sum [("==" | "!=" | "<" | "<=" | ">" | ">=") sum | "~" PATTERN]
//   sum        = product {(" + " | " - ") product}
//   product    = operand {(" * " | " / ") operand}
//   operand    = "-" operand | primary {"." NAME}
//   primary    = NUMBER | STRING | "$" NAME | "(" expression ")" | "[" [expression {","
//                expression}] "]" | NAME "(" arguments ")" | "log" [selector] PATTERN | NAME
//
// `+ - * /` have blanks around them, because names hold `-` and paths hold `/`.

extension Parser {
    /// Reads an expression.
    mutating func expression() throws(Diagnostic) -> Expression {
        skip()
        try enter(from: lexer.position)
        defer { nesting -= 1 }
        return try binary(minimum: .or, comparedWith: nil)
    }

    private enum Level: Int, Comparable {
        case or, and, comparison, sum, product, operand

        static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

        var next: Level { Level(rawValue: rawValue + 1) ?? .operand }
    }

    private mutating func binary(
        minimum: Level,
        comparedWith other: Expression?
    ) throws(Diagnostic) -> Expression {
        if minimum == .operand { return try operand(comparedWith: other) }
        if minimum == .comparison {
            let start = lexer.position
            if lexer.take(word: "not") {
                try enter(from: start)
                defer { nesting -= 1 }
                skip()
                let inner = try binary(minimum: .comparison, comparedWith: nil)
                return Expression(kind: .unary(.not, inner), range: lexer.range(from: start))
            }
        }
        var left = try binary(minimum: minimum.next, comparedWith: other)
        while let found = try operatorHere(at: minimum) {
            operators += 1
            if operators > Limits.expressionOperators {
                throw fail(
                    "more than \(Limits.expressionOperators) operators in one statement",
                    at: left.range
                )
            }
            skip()
            left = try combine(left, found, at: minimum)
            if minimum == .comparison {
                if let second = try operatorHere(at: .comparison) {
                    throw fail(
                        "a comparison cannot follow a comparison",
                        at: lexer.range(from: second.at),
                        hints: ["join two comparisons by `and`"]
                    )
                }
                break
            }
        }
        return left
    }

    private enum FoundOperator {
        case binary(BinaryOperator, at: Int)
        case match(at: Int)

        var at: Int {
            switch self {
            case .binary(_, let at), .match(let at): at
            }
        }
    }

    private mutating func combine(
        _ left: Expression,
        _ found: FoundOperator,
        at level: Level
    ) throws(Diagnostic) -> Expression {
        let kind: Expression.Kind
        switch found {
        case .match: kind = .match(left, try pattern())
        case .binary(let name, _):
            let other = level == .comparison ? left : nil
            kind = .binary(name, left, try binary(minimum: level.next, comparedWith: other))
        }
        return Expression(kind: kind, range: lexer.range(from: Int(left.range.start)))
    }

    /// Reads an operator of the level, or stays where it is, in front of the blanks.
    private mutating func operatorHere(at level: Level) throws(Diagnostic) -> FoundOperator? {
        let before = lexer.position
        let hasBlank = skip()
        let start = lexer.position
        switch level {
        case .or where lexer.take(word: "or"): return .binary(.or, at: start)
        case .and where lexer.take(word: "and"): return .binary(.and, at: start)
        case .comparison:
            if let comparison = try comparisonOperator() { return comparison }
        case .sum, .product:
            let signs: [BinaryOperator] = level == .sum ? [.plus, .minus] : [.times, .divided]
            for sign in signs where lexer.starts(with: sign.rawValue) {
                guard hasBlank, lexer.isSpace(ahead: 1) else {
                    throw fail(
                        "`\(sign.rawValue)` needs a blank on both sides",
                        from: start,
                        length: 1
                    )
                }
                lexer.position += 1
                return .binary(sign, at: start)
            }
        default: break
        }
        lexer.position = before
        return nil
    }

    private mutating func comparisonOperator() throws(Diagnostic) -> FoundOperator? {
        let start = lexer.position
        if lexer.peek() == UInt8(ascii: "~") {
            lexer.position += 1
            return .match(at: start)
        }
        let signs: [BinaryOperator] = [.equal, .unequal, .atMost, .atLeast, .less, .greater]
        for sign in signs where lexer.starts(with: sign.rawValue) {
            lexer.position += sign.rawValue.utf8.count
            return .binary(sign, at: start)
        }
        if lexer.peek() == UInt8(ascii: "=") {
            throw fail(
                "`=` gives a variable its value",
                from: start,
                length: 1,
                hints: ["two values are compared by `==`"]
            )
        }
        return nil
    }

    // MARK: Operands

    private mutating func operand(comparedWith other: Expression?) throws(Diagnostic) -> Expression
    {
        let start = lexer.position
        note(.operand(comparedWith: other, words: operandWords))
        if lexer.peek() == UInt8(ascii: "-"), !Lexer.isDigit(lexer.peek(1)),
            !lexer.isSpace(ahead: 1)
        {
            lexer.position += 1
            try enter(from: start)
            defer { nesting -= 1 }
            let inner = try operand(comparedWith: nil)
            return Expression(kind: .unary(.minus, inner), range: lexer.range(from: start))
        }
        var result = try primary()
        while lexer.peek() == UInt8(ascii: "."), lexer.peek(1) != UInt8(ascii: ".") {
            lexer.position += 1
            note(.property(of: result))
            guard let name = lexer.name() else { throw wantsQuotes(from: start) }
            operators += 1
            if operators > Limits.expressionOperators { throw wantsQuotes(from: start) }
            result = Expression(
                kind: .property(result, name),
                range: lexer.range(from: start)
            )
        }
        return result
    }

    private mutating func primary() throws(Diagnostic) -> Expression {
        let start = lexer.position
        let kind: Expression.Kind
        switch lexer.peek() {
        case UInt8(ascii: "\""): kind = .template(try stringTemplate())
        case UInt8(ascii: "$"):
            lexer.position += 1
            if lexer.peek() == UInt8(ascii: "{") {
                throw fail(
                    "`${` belongs inside quotes",
                    from: start,
                    length: 2,
                    hints: ["in an expression write the expression itself"]
                )
            }
            kind = .variable(try variableReference(from: start).node)
        case UInt8(ascii: "("):
            lexer.position += 1
            brackets += 1
            defer { brackets -= 1 }
            let inner = try expression()
            skip()
            guard lexer.peek() == UInt8(ascii: ")") else { throw expected("`)`") }
            lexer.position += 1
            return Expression(kind: inner.kind, range: lexer.range(from: start))
        case UInt8(ascii: "["): kind = .list(try listElements())
        case UInt8(ascii: "/"):
            throw expected("a value", hints: ["a regular expression stands behind `~` or `log`"])
        case let byte where Lexer.isDigit(byte) || byte == UInt8(ascii: "-"):
            kind = .literal(try number())
        default: kind = try named()
        }
        return Expression(kind: kind, range: lexer.range(from: start))
    }

    private mutating func listElements() throws(Diagnostic) -> [Expression] {
        lexer.position += 1
        brackets += 1
        defer { brackets -= 1 }
        var elements: [Expression] = []
        while true {
            skip()
            if lexer.peek() == UInt8(ascii: "]") { break }
            elements.append(try expression())
            skip()
            if lexer.peek() == UInt8(ascii: ",") {
                lexer.position += 1
            } else if lexer.peek() != UInt8(ascii: "]") {
                throw expected("`,` or `]`")
            }
        }
        lexer.position += 1
        return elements
    }

    private mutating func number() throws(Diagnostic) -> Value {
        let start = lexer.position
        lexer.position += 1
        while let next = lexer.scalar(at: lexer.position),
            Lexer.continuesName(next.scalar, dashed: false) || next.scalar == "%"
                || (next.scalar == "." && lexer.peek(1) != UInt8(ascii: "."))
        {
            lexer.position += next.length
        }
        let text = lexer.text(from: start)
        let isAddress = text.count(where: { $0 == "." }) > 1 || "/:(".utf8.contains(lexer.peek())
        if isAddress, text != "-" { throw wantsQuotes(from: start) }
        do throws(Quantity.Fault) {
            return try Quantity.parse(text)
        } catch {
            throw fail(error.message, at: lexer.range(from: start), hints: error.hints)
        }
    }

    /// An error for a bare load name, version or address that begins at `start`.
    private mutating func wantsQuotes(from start: Int) -> Diagnostic {
        while !lexer.isSpace(), !"),]};".utf8.contains(lexer.peek()) { lexer.position += 1 }
        let word = lexer.text(from: start)
        return fail(
            "`\(word)` is not a value",
            from: start,
            length: word.utf8.count,
            hints: ["a load, a version and an address stand in quotes: \"\(word)\""]
        )
    }

    private mutating func named() throws(Diagnostic) -> Expression.Kind {
        let start = lexer.position
        guard let name = lexer.name() else { throw expected("a value") }
        switch name.node {
        case "on": return .literal(.bool(true))
        case "off": return .literal(.bool(false))
        case "none": return .literal(.none)
        case "log" where lexer.peek() != UInt8(ascii: "("): return try logCondition()
        case "and", "or", "not", "within":
            lexer.position = start
            throw expected("a value")
        default: break
        }
        if lexer.peek() == UInt8(ascii: "(") { return try call(name) }
        return .word(name.node)
    }

    private mutating func logCondition() throws(Diagnostic) -> Expression.Kind {
        skip()
        var selector: Selector?
        if lexer.peek() != UInt8(ascii: "/"), lexer.peek() != UInt8(ascii: "\"") {
            note(.selector)
            selector = try selectorWord()
            skip()
        }
        return .log(selector, try pattern())
    }

    private mutating func call(_ name: Located<String>) throws(Diagnostic) -> Expression.Kind {
        guard let function = grammar.function(name.node) else {
            throw fail(
                "unknown function `\(name.node)`",
                at: name.range,
                hints: Spelling.hints(for: name.node, among: grammar.functions.map(\.name))
            )
        }
        lexer.position += 1
        brackets += 1
        try enter(from: Int(name.range.start))
        defer {
            brackets -= 1
            nesting -= 1
        }
        var arguments: [FunctionArgument] = []
        for (index, parameter) in function.parameters.enumerated() {
            skip()
            if index > 0 {
                guard lexer.peek() == UInt8(ascii: ",") else {
                    throw expected("`,` and \(parameter.placeholder) of \(function.synopsis)")
                }
                lexer.position += 1
                skip()
            }
            try argument(parameter, of: function, into: &arguments)
        }
        skip()
        guard lexer.peek() == UInt8(ascii: ")") else {
            throw expected("`)` behind \(function.synopsis)")
        }
        lexer.position += 1
        return .call(name, arguments)
    }

    private mutating func argument(
        _ parameter: FunctionParameter,
        of function: FunctionSignature,
        into arguments: inout [FunctionArgument]
    ) throws(Diagnostic) {
        if lexer.peek() == UInt8(ascii: ")") {
            throw expected("\(parameter.placeholder) of \(function.synopsis)")
        }
        switch parameter {
        case .selector: arguments.append(.selector(try selector(stops: [])))
        case .value: arguments.append(.value(try expression()))
        case .values:
            while true {
                arguments.append(.value(try eachOrExpression()))
                skip()
                guard lexer.peek() == UInt8(ascii: ",") else { return }
                lexer.position += 1
            }
        }
    }

    private mutating func eachOrExpression() throws(Diagnostic) -> Expression {
        let inner = try expression()
        skip()
        note(.word("of", help: "the objects whose values to take"))
        guard lexer.take(word: "of") else { return inner }
        skip()
        let selector = try selector(stops: [])
        let range = lexer.range(from: Int(inner.range.start))
        return Expression(kind: .each(inner, of: selector), range: range)
    }
}
