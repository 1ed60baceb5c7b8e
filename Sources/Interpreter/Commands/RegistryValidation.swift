// Whether a registry's declarations can work together: what a host declares wrongly is found by one
// test that calls this, and not by a user.

/// Checks of a registry's declarations.
public enum RegistryValidation {
    /// What is wrong with the declarations, one line each; nothing if all is well.
    public static func problems<HostType: Host>(of registry: Registry<HostType>) -> [String] {
        var problems: [String] = []
        let grammar = registry.grammar
        problems += repeated(grammar.commands.map(\.name)).map { "two commands `\($0)`" }
        for command in grammar.commands {
            problems += self.problems(of: command).map { "`\(command.name)`: \($0)" }
            problems += unknownKinds(command, registry).map { "`\(command.name)`: \($0)" }
        }
        problems += repeated(registry.kinds.map(\.name)).map { "two kinds `\($0)`" }
        problems += repeated(registry.globals.map(\.name)).map { "two globals `\($0)`" }
        problems += repeated(grammar.functions.map(\.name)).map { "two functions `\($0)`" }
        problems += repeated(grammar.selectorKeywords.map(\.name)).map { "two selectors `\($0)`" }
        problems += repeated(registry.properties.map { "\($0.kind).\($0.name)" })
            .map { "two properties `\($0)`" }
        for property in registry.properties where registry.kind(property.kind) == nil {
            problems.append("property `\(property.name)` of an unknown kind \(property.kind)")
        }
        problems += wordProblems(registry)
        return problems
    }

    private static func repeated(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { !seen.insert($0).inserted }
    }

    private static func problems(of command: CommandSignature) -> [String] {
        var problems: [String] = []
        if let first = command.path.first {
            if Grammar.statementWords.contains(first),
                !(first == "expect" && command.path.count > 1)
            {
                problems.append("`\(first)` begins a statement of the language")
            }
        } else {
            problems.append("no words")
        }
        if !isSentence(command.summary) {
            problems.append("the summary is not one sentence that ends in a full stop")
        }
        if command.examples.isEmpty { problems.append("no example") }
        problems += parameterProblems(command.parameters)
        return problems
    }

    private static func isSentence(_ text: String) -> Bool {
        guard let first = text.first, first.isUppercase || first.isNumber else { return false }
        return text.hasSuffix(".") && !text.dropLast().contains(". ")
    }

    private static func parameterProblems(_ parameters: [ParameterSignature]) -> [String] {
        var problems: [String] = []
        var optional: String?
        var rest: String?
        for parameter in parameters {
            if parameter.help.isEmpty { problems.append("`\(parameter.name)` has no help") }
            guard parameter.words.isEmpty else { continue }
            if let rest {
                problems.append("`\(parameter.name)` stands behind the rest `\(rest)`")
            }
            if parameter.placement == .rest { rest = parameter.name }
            if parameter.isRequired, let optional {
                problems.append(
                    "`\(parameter.name)` is required behind `\(optional)`, which is not"
                )
            }
            if !parameter.isRequired { optional = parameter.name }
        }
        for words in repeated(parameters.map { $0.words.joined(separator: " ") })
        where !words.isEmpty {
            problems.append("two parameters `\(words)`")
        }
        for (index, parameter) in parameters.enumerated() where parameter.kind.syntax == .text {
            if index + 1 < parameters.count {
                problems.append("`\(parameter.name)` takes the whole rest of the line")
            }
        }
        return problems
    }

    private static func unknownKinds<HostType: Host>(
        _ command: CommandSignature,
        _ registry: Registry<HostType>
    ) -> [String] {
        command.parameters.compactMap { parameter in
            guard let kind = objectKind(parameter.kind.syntax), registry.kind(kind) == nil else {
                return nil
            }
            return "`\(parameter.name)` names an unknown kind of object, \(kind)"
        }
    }

    private static func objectKind(_ syntax: ArgumentSyntaxKind) -> String? {
        switch syntax {
        case .object(let kind): kind
        case .list(let element): objectKind(element)
        default: nil
        }
    }

    /// Words of expressions that would hide others or be hidden.
    private static func wordProblems<HostType: Host>(
        _ registry: Registry<HostType>
    ) -> [String] {
        var problems: [String] = []
        let operators = ["and", "or", "not", "on", "off", "none", "now", "of", "within"]
        let names =
            registry.properties.map(\.name) + registry.globals.map(\.name)
            + registry.grammar.functions.map(\.name)
        for name in names where operators.contains(name) {
            problems.append("`\(name)` is a word of the language")
        }
        for keyword in registry.grammar.selectorKeywords
        where keyword.name == "where" || keyword.name == "all" || keyword.name == "except" {
            problems.append("`\(keyword.name)` is a word of selectors")
        }
        return problems
    }
}
