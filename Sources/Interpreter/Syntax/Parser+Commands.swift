// Commands: the longest path of words that is declared, then the arguments as its parameters say.
// Positional ones come first and in order; behind them keywords and flags stand in any order. What
// a word is worth can be checked here wherever it holds no variable, so that a whole script is
// checked before any of it runs.

extension Parser {
    /// Reads a command with its arguments.
    mutating func command() throws(Diagnostic) -> CommandCall {
        let start = lexer.position
        let index = try commandPath()
        let signature = grammar.commands[index]
        let nameRange = lexer.range(from: start)
        let arguments = try arguments(of: signature, nameRange: nameRange)
        return CommandCall(
            command: index,
            name: signature.name,
            nameRange: nameRange,
            arguments: arguments,
            filters: try pipeline(of: signature.columns)
        )
    }

    /// Reads `!TEXT`, the host's command `!` for what another program is to do; nil where none stands.
    mutating func outsideCommand() throws(Diagnostic) -> CommandCall? {
        let start = lexer.position
        guard lexer.peek() == UInt8(ascii: "!"),
            let index = grammar.commandsByFirstWord["!"]?.first
        else { return nil }
        guard abbreviates || grammar.runsOthersInFiles else {
            throw fail(
                "`!` with a command behind it is for the prompt, not for scripts",
                from: start,
                length: 1,
                hints: [
                    "`pfsh --allow-shell` lets scripts use it", "a comment has a blank behind `!`",
                ]
            )
        }
        lexer.position += 1
        let signature = grammar.commands[index]
        let nameRange = lexer.range(from: start)
        let arguments = try arguments(of: signature, nameRange: nameRange)
        return CommandCall(
            command: index,
            name: signature.name,
            nameRange: nameRange,
            arguments: arguments,
            filters: []
        )
    }

    // MARK: Path

    private mutating func commandPath() throws(Diagnostic) -> Int {
        let start = lexer.position
        guard let word = peekWord() else { throw expected("a command") }
        var candidates = try candidates(forFirst: word)
        lexer.position += word.utf8.count
        var depth = 1
        var best: (command: Int, end: Int)?
        while true {
            if let whole = candidates.first(where: { grammar.commands[$0].path.count == depth }) {
                best = (whole, lexer.position)
            }
            let deeper = candidates.filter { grammar.commands[$0].path.count > depth }
            if deeper.isEmpty { break }
            lexer.skipBlanks()
            note(.pathWord(deeper, depth: depth))
            guard let next = peekWord() else { break }
            let matching = try matches(next, deeper, depth: depth, mayAbbreviate: best == nil)
            if matching.isEmpty { break }
            candidates = matching
            lexer.position += next.utf8.count
            depth += 1
        }
        if let best {
            lexer.position = best.end
            return best.command
        }
        throw incompletePath(candidates, depth: depth, from: start)
    }

    private func candidates(forFirst word: String) throws(Diagnostic) -> [Int] {
        if let exact = grammar.commandsByFirstWord[word] { return exact }
        let all = Array(grammar.commands.indices)
        let prefixed = abbreviated(word, all, depth: 0)
        let names = distinct(prefixed, depth: 0)
        let length = word.utf8.count
        if names.count == 1, let name = names.first {
            if abbreviates { return prefixed }
            throw fail(
                "unknown command `\(word)`",
                from: lexer.position,
                length: length,
                hints: ["a script needs the whole word: `\(name)`"]
            )
        }
        if names.count > 1, abbreviates {
            throw fail(
                "`\(word)` could be \(names.joined(separator: ", "))",
                from: lexer.position,
                length: length
            )
        }
        let known = distinct(all, depth: 0) + Grammar.statementWords
        // What is left of the prefixes is never shortened.
        let whole = known.first { abbreviates && $0.hasPrefix(word) }
        var hints =
            whole.map { ["`\($0)` is never shortened"] }
            ?? Spelling.hints(for: word, among: known)
        if hints.isEmpty, abbreviates {
            let others =
                grammar.commandsByFirstWord["!"] == nil ? "" : ", `!\(word)` asks the system"
            hints = ["`?` lists what there is" + others]
        }
        throw fail("unknown command `\(word)`", from: lexer.position, length: length, hints: hints)
    }

    private func matches(
        _ word: String,
        _ candidates: [Int],
        depth: Int,
        mayAbbreviate: Bool
    ) throws(Diagnostic) -> [Int] {
        let exact = candidates.filter { grammar.commands[$0].path[depth] == word }
        if !exact.isEmpty || !mayAbbreviate { return exact }
        let prefixed = abbreviated(word, candidates, depth: depth)
        let names = distinct(prefixed, depth: depth)
        if names.count == 1, abbreviates { return prefixed }
        if names.count > 1, abbreviates {
            throw fail(
                "`\(word)` could be \(names.joined(separator: ", "))",
                from: lexer.position,
                length: word.utf8.count
            )
        }
        var hints =
            names.count == 1
            ? ["a script needs the whole word: `\(names[0])`"]
            : Spelling.hints(for: word, among: distinct(candidates, depth: depth))
        // Who is used to other shells says `show clock` for what is `clock` here.
        if hints.isEmpty, grammar.commands.contains(where: { $0.path == [word] }) {
            hints = ["did you mean `\(word)`?"]
        }
        throw fail(
            "unknown word `\(word)` behind `\(source.string(pathSoFar))`",
            from: lexer.position,
            length: word.utf8.count,
            hints: hints.isEmpty ? oneOf(candidates, depth: depth) : hints
        )
    }

    /// From the statement's first word to this one, for a message.
    private var pathSoFar: SourceRange {
        var start = lexer.position
        while start > 0, !";\n{}".utf8.contains(source.bytes[start - 1]) { start -= 1 }
        var end = lexer.position
        while end > start, Lexer.isBlank(source.bytes[end - 1]) { end -= 1 }
        while start < end, Lexer.isBlank(source.bytes[start]) { start += 1 }
        return SourceRange(start, end)
    }

    private func abbreviated(_ word: String, _ candidates: [Int], depth: Int) -> [Int] {
        candidates.filter {
            grammar.commands[$0].mayBeAbbreviated
                && grammar.commands[$0].path[depth].hasPrefix(word)
        }
    }

    private func distinct(_ commands: [Int], depth: Int) -> [String] {
        var words: [String] = []
        for command in commands where !words.contains(grammar.commands[command].path[depth]) {
            words.append(grammar.commands[command].path[depth])
        }
        return words
    }

    private func oneOf(_ candidates: [Int], depth: Int) -> [String] {
        ["one of " + distinct(candidates, depth: depth).joined(separator: ", ")]
    }

    private func incompletePath(_ candidates: [Int], depth: Int, from start: Int) -> Diagnostic {
        let deeper = candidates.filter { grammar.commands[$0].path.count > depth }
        return fail(
            "`\(lexer.text(from: start).trimmedBlanks)` needs a further word",
            from: start,
            length: lexer.position - start,
            hints: oneOf(deeper, depth: depth)
        )
    }

    // MARK: Arguments

    private mutating func arguments(
        of signature: CommandSignature,
        nameRange: SourceRange
    ) throws(Diagnostic) -> [BoundArgument] {
        var bound: [BoundArgument] = []
        var positionals = signature.parameters.indices.filter {
            signature.parameters[$0].words.isEmpty
        }
        var keywords = signature.parameters.indices.filter {
            !signature.parameters[$0].words.isEmpty
        }
        while true {
            lexer.skipBlanks()
            let next = positionals.first
            noteArguments(signature, next, keywords)
            if isAtEndOfStatement || lexer.starts(with: "{") { break }
            if let keyword = try takeKeyword(signature, keywords, required: next) {
                keywords.removeAll { $0 == keyword.parameter }
                bound.append(try keywordArgument(signature, keyword, open: keywords))
            } else if let next {
                let parameter = signature.parameters[next]
                if parameter.placement != .rest { positionals.removeFirst() }
                let start = lexer.position
                let syntax = try value(
                    parameter,
                    isLast: positionals.isEmpty,
                    stops: stopWords(signature, keywords)
                )
                let range = lexer.range(from: start)
                bound.append(BoundArgument(parameter: next, syntax: syntax, range: range))
            } else {
                throw superfluous(signature, keywords)
            }
        }
        try checkRequired(signature, bound, nameRange: nameRange)
        return bound
    }

    private mutating func noteArguments(
        _ signature: CommandSignature,
        _ positional: Int?,
        _ keywords: [Int]
    ) {
        if let positional {
            note(.argument(signature.parameters[positional]))
            if signature.parameters[positional].isRequired { return }
        }
        for keyword in keywords { note(.keyword(signature.parameters[keyword])) }
        if keywords.allSatisfy({ !signature.parameters[$0].isRequired }) { note(.end) }
    }

    private func stopWords(_ signature: CommandSignature, _ keywords: [Int]) -> [String] {
        keywords.compactMap { signature.parameters[$0].words.first }
    }

    /// Reads the words that introduce one of the parameters, if they stand here.
    private mutating func takeKeyword(
        _ signature: CommandSignature,
        _ keywords: [Int],
        required: Int?
    ) throws(Diagnostic) -> (parameter: Int, range: SourceRange)? {
        let start = lexer.position
        for keyword in keywords {
            let words = signature.parameters[keyword].words
            if take(words: words) {
                if let required, signature.parameters[required].isRequired,
                    signature.parameters[required].placement != .rest
                {
                    lexer.position = start
                    let missing = signature.parameters[required]
                    throw expected(
                        "\(missing.kind.phrase) in front of `\(words.joined(separator: " "))`",
                        hints: [signature.synopsis]
                    )
                }
                return (keyword, lexer.range(from: start))
            }
            lexer.position = start
        }
        guard abbreviates, required == nil, let word = peekWord() else { return nil }
        let meant = keywords.filter { signature.parameters[$0].words[0].hasPrefix(word) }
        guard meant.count == 1, signature.parameters[meant[0]].words.count == 1 else { return nil }
        lexer.position += word.utf8.count
        return (meant[0], lexer.range(from: start))
    }

    private mutating func take(words: [String]) -> Bool {
        for (index, word) in words.enumerated() {
            if index > 0 { lexer.skipBlanks() }
            guard peekWord() == word else { return false }
            lexer.position += word.utf8.count
        }
        return true
    }

    private mutating func keywordArgument(
        _ signature: CommandSignature,
        _ keyword: (parameter: Int, range: SourceRange),
        open: [Int]
    ) throws(Diagnostic) -> BoundArgument {
        let parameter = signature.parameters[keyword.parameter]
        let words = parameter.words.joined(separator: " ")
        if case .flag = parameter.placement {
            return BoundArgument(
                parameter: keyword.parameter,
                keyword: words,
                syntax: .flag,
                range: keyword.range
            )
        }
        lexer.skipBlanks()
        note(.argument(parameter))
        let start = lexer.position
        let syntax = try value(parameter, isLast: true, stops: stopWords(signature, open))
        return BoundArgument(
            parameter: keyword.parameter,
            keyword: words,
            syntax: syntax,
            range: lexer.range(from: start)
        )
    }

    private mutating func superfluous(
        _ signature: CommandSignature,
        _ keywords: [Int]
    ) -> Diagnostic {
        let word = lexer.shownWord()
        let known = stopWords(signature, keywords)
        let hints = Spelling.hints(for: word, among: known)
        return fail(
            "`\(word)` is too much for `\(signature.name)`",
            from: lexer.position,
            length: word.utf8.count,
            hints: hints + [signature.synopsis]
        )
    }

    private mutating func checkRequired(
        _ signature: CommandSignature,
        _ bound: [BoundArgument],
        nameRange: SourceRange
    ) throws(Diagnostic) {
        for (index, parameter) in signature.parameters.enumerated() where parameter.isRequired {
            if bound.contains(where: { $0.parameter == index }) { continue }
            let words = parameter.words.joined(separator: " ")
            let what =
                words.isEmpty ? parameter.kind.phrase : "`\(words)` and \(parameter.kind.phrase)"
            throw fail(
                "`\(signature.name)` needs \(what)",
                at: nameRange,
                hints: [signature.synopsis]
            )
        }
    }
}

extension String {
    /// The text without blanks at its ends.
    var trimmedBlanks: String {
        let head = drop { $0 == " " || $0 == "\t" }
        return String(head.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
