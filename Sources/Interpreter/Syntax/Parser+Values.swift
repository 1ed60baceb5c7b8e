// One argument's value, read as its parameter's kind says, and checked where it holds no variable.

extension Parser {
    /// Reads the value of a parameter.
    ///
    /// A selector that is not the last argument is one word; else it ends at one of the `stops`.
    mutating func value(
        _ parameter: ParameterSignature,
        isLast: Bool,
        stops: [String]
    ) throws(Diagnostic) -> ArgumentSyntax {
        let kind = parameter.kind
        switch kind.syntax {
        case .word, .file, .value, .choice, .object:
            return .word(try checkedWord(try wordTemplate(kind.phrase), kind))
        case .list(let element):
            return .list(try listWords(kind, element))
        case .selector:
            note(.selector)
            return .selector(isLast ? try selector(stops: stops) : try selectorWord())
        case .expression, .condition:
            return .expression(try expression())
        case .pattern:
            return .pattern(try pattern())
        case .text:
            let start = lexer.position
            lexer.skipToLineEnd()
            let text = lexer.text(from: start).trimmedBlanks
            if text.isEmpty { throw expected(kind.phrase) }
            return .text(text)
        }
    }

    private mutating func listWords(
        _ kind: ArgumentKind,
        _ element: ArgumentSyntaxKind
    ) throws(Diagnostic) -> [Template] {
        var words: [Template] = []
        repeat {
            if !words.isEmpty { lexer.position += 1 }
            let word = try wordTemplate(kind.phrase, endsAt: .comma)
            let elementKind = ArgumentKind(
                element,
                placeholder: kind.placeholder,
                phrase: kind.phrase
            )
            words.append(try checkedWord(word, elementKind))
        } while lexer.peek() == UInt8(ascii: ",")
        return words
    }

    /// A word, checked against its kind if it holds no variable, and whole where the beginning of a
    /// choice was typed: what is kept of a line is good for a script too.
    func checkedWord(_ word: Template, _ kind: ArgumentKind) throws(Diagnostic) -> Template {
        guard let text = word.literal else { return word }
        switch kind.syntax {
        case .value(let type):
            _ = try WordReading.value(text, type, phrase: kind.phrase, at: word.range)
        case .choice(let choices):
            let name = try WordReading.choice(
                text,
                choices,
                phrase: kind.phrase,
                abbreviates: abbreviates,
                at: word.range
            )
            guard name != text else { return word }
            var whole = word
            whole.pieces = [.text(name)]
            return whole
        default: break
        }
        return word
    }
}
