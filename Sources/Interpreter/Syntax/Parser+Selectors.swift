// Selectors:
//
//   selector    = [PERCENTAGE "of"] conjunction {"except" conjunction}
//   conjunction = union {union}                      side by side: and
//   union       = term {"," term}                    a comma without blanks: or
//   term        = "all" | NAME | NAME ".." NAME | PATTERN with * or ? | KEYWORD VALUE{,VALUE}
//               | "where" "(" expression ")" | "(" selector ")"
//
// Where a selector is not the last argument it is one union without keywords, or in parentheses, so
// that it is plain where it ends.

extension Parser {
    /// Reads a selector up to the statement's end, a closing bracket or one of the words.
    mutating func selector(stops: [String]) throws(Diagnostic) -> Selector {
        try enter(from: lexer.position)
        defer { nesting -= 1 }
        if let share = try share() {
            let inner = try selector(stops: stops)
            let range = share.range.joined(with: inner.range)
            return Selector(kind: .share(share, of: inner), range: range)
        }
        var result = try conjunction(stops: stops)
        while takesExcept() {
            skip()
            operators += 1
            if operators > Limits.expressionOperators {
                throw fail("a selector of too many parts", at: result.range)
            }
            let removed = try conjunction(stops: stops)
            let range = result.range.joined(with: removed.range)
            result = Selector(kind: .except(result, removed), range: range)
        }
        return result
    }

    /// Whether `10% of` stands here, in front of a selector.
    var isAtShare: Bool {
        var ahead = self
        ahead.recordsExpectations = false
        do throws(Diagnostic) {
            return try ahead.share() != nil
        } catch {
            return true
        }
    }

    /// Reads `10% of`: the percentage, or nil where none stands.
    private mutating func share() throws(Diagnostic) -> Located<Int64>? {
        let start = lexer.position
        guard Lexer.isDigit(lexer.peek()) else { return nil }
        let text = lexer.shownWord()
        guard text.utf8.last == UInt8(ascii: "%") else { return nil }
        lexer.position += text.utf8.count
        let range = lexer.range(from: start)
        skip()
        note(.word("of", help: "of which ones"))
        guard lexer.take(word: "of") else {
            lexer.position = start
            return nil
        }
        let phrase = "a percentage such as 10%"
        let value = try WordReading.value(text, .percent, phrase: phrase, at: range)
        guard case .percent(let parts) = value, (0...1_000_000).contains(parts) else {
            throw fail("a share is 0% to 100%", at: range)
        }
        return Located(parts, at: range)
    }

    private mutating func takesExcept() -> Bool {
        let before = lexer.position
        skip()
        note(.word("except", help: "what to take away"))
        if lexer.take(word: "except") { return true }
        lexer.position = before
        return false
    }

    private mutating func conjunction(stops: [String]) throws(Diagnostic) -> Selector {
        skip()
        var parts = [try union(keywords: true)]
        while true {
            let before = lexer.position
            let hasBlank = skip()
            if lexer.peek() == UInt8(ascii: ",") {
                if brackets > 0, !hasBlank { break }
                throw fail(
                    "a comma in a selector has no blanks around it",
                    from: lexer.position,
                    length: 1,
                    hints: ["P1,P2 means either; side by side means both"]
                )
            }
            if isAtSelectorEnd(stops: stops) {
                lexer.position = before
                break
            }
            parts.append(try union(keywords: true))
        }
        if parts.count == 1 { return parts[0] }
        let range = parts[0].range.joined(with: parts[parts.count - 1].range)
        return Selector(kind: .every(parts), range: range)
    }

    private func isAtSelectorEnd(stops: [String]) -> Bool {
        if isAtEndOfStatement || ")]{|".utf8.contains(lexer.peek()) { return true }
        guard let word = peekWord() else { return lexer.peek() != UInt8(ascii: "\"") }
        return word == "except" || stops.contains(word)
    }

    /// Reads a selector of one word, or one in parentheses.
    mutating func selectorWord() throws(Diagnostic) -> Selector {
        try union(keywords: false)
    }

    private mutating func union(keywords: Bool) throws(Diagnostic) -> Selector {
        var terms = [try term(keywords: keywords)]
        while lexer.peek() == UInt8(ascii: ","), !lexer.isSpace(ahead: 1) {
            lexer.position += 1
            terms.append(try term(keywords: keywords))
        }
        if terms.count == 1 { return terms[0] }
        let range = terms[0].range.joined(with: terms[terms.count - 1].range)
        return Selector(kind: .any(terms), range: range)
    }

    private mutating func term(keywords: Bool) throws(Diagnostic) -> Selector {
        note(.selector)
        let start = lexer.position
        if lexer.peek() == UInt8(ascii: "(") {
            lexer.position += 1
            brackets += 1
            defer { brackets -= 1 }
            let inner = try selector(stops: [])
            skip()
            guard lexer.peek() == UInt8(ascii: ")") else { throw expected("`)`") }
            lexer.position += 1
            return Selector(kind: inner.kind, range: lexer.range(from: start), isGrouped: true)
        }
        if lexer.take(word: "all") {
            return Selector(kind: .all, range: lexer.range(from: start))
        }
        if let keyword = try keywordTerm(allowed: keywords) { return keyword }
        let ends: WordEnds = [.comma, .parenthesis, .range]
        let first = try wordTemplate(
            "a selector such as P1, P1,P4, P3..P9, P* or all",
            endsAt: ends
        )
        guard lexer.starts(with: "..") else {
            return Selector(kind: .name(first), range: first.range)
        }
        lexer.position += 2
        note(.selector)
        let last = try wordTemplate("the end of the range", endsAt: ends)
        return Selector(kind: .range(first, last), range: first.range.joined(with: last.range))
    }

    private mutating func keywordTerm(allowed: Bool) throws(Diagnostic) -> Selector? {
        let start = lexer.position
        guard let name = lexer.name(), lexer.isSpace() || lexer.peek() == UInt8(ascii: "(") else {
            lexer.position = start
            return nil
        }
        let keyword = grammar.selectorKeyword(name.node)
        guard keyword != nil || name.node == "where" else {
            lexer.position = start
            return nil
        }
        guard allowed else {
            throw fail(
                "a selector in front of other arguments is one word or in parentheses",
                at: name.range,
                hints: ["such as (\(name.node) ...)"]
            )
        }
        skip()
        guard let keyword else {
            guard lexer.peek() == UInt8(ascii: "(") else {
                throw expected("a condition in parentheses behind `where`")
            }
            lexer.position += 1
            brackets += 1
            let outer = operandWords
            operandWords = .properties
            defer {
                brackets -= 1
                operandWords = outer
            }
            let condition = try expression()
            skip()
            guard lexer.peek() == UInt8(ascii: ")") else { throw expected("`)`") }
            lexer.position += 1
            return Selector(kind: .filter(condition), range: lexer.range(from: start))
        }
        var values: [Template] = []
        repeat {
            if !values.isEmpty { lexer.position += 1 }
            note(.selectorValue(keyword))
            let value = try wordTemplate(keyword.kind.phrase, endsAt: [.comma, .parenthesis])
            values.append(try checkedWord(value, keyword.kind))
        } while lexer.peek() == UInt8(ascii: ",") && !lexer.isSpace(ahead: 1)
        let kind = Selector.Kind.keyword(keyword.name, values: values)
        return Selector(kind: kind, range: lexer.range(from: start))
    }
}
