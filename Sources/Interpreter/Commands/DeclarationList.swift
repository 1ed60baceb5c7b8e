// All declarations as one JSON object, so that editors and other programs know the language as well as
// the shell does.

/// Makes the object.
public enum DeclarationList {
    /// `commands`, `statements`, `properties`, `globals`, `functions` and `selectors`, each an array of
    /// objects in the order of the declarations.
    public static func json<HostType: Host>(_ registry: Registry<HostType>) -> JSONText {
        .object([
            .init("commands", .array(registry.grammar.commands.map(command))),
            .init(
                "statements",
                .array(
                    StatementHelp.all.map {
                        texts([
                            ("name", $0.name), ("synopsis", $0.synopsis), ("summary", $0.summary),
                        ])
                    }
                )
            ),
            .init(
                "properties",
                .array(
                    registry.properties.map {
                        texts([
                            ("kind", $0.kind), ("name", $0.name), ("type", $0.type.phrase),
                            ("help", $0.help),
                        ])
                    }
                )
            ),
            .init(
                "globals",
                .array(
                    registry.globals.map {
                        texts([("name", $0.name), ("type", $0.type.phrase), ("help", $0.help)])
                    }
                )
            ),
            .init(
                "functions",
                .array(
                    registry.grammar.functions.map {
                        texts([("synopsis", $0.synopsis), ("help", $0.help)])
                    }
                )
            ),
            .init(
                "selectors",
                .array(
                    HelpRenderer.selectors(registry.grammar).map {
                        texts([("synopsis", $0.0), ("help", $0.1)])
                    }
                )
            ),
        ])
    }

    private static func command(_ command: CommandSignature) -> JSONText {
        .object([
            .init("name", .string(command.name)),
            .init("group", .string(command.group.title)),
            .init("synopsis", .string(command.synopsis)),
            .init("summary", .string(command.summary)),
            .init("discussion", .string(command.discussion)),
            .init("changesWorld", .bool(command.changesWorld)),
            .init("parameters", .array(command.parameters.map(parameter))),
            .init("examples", .array(command.examples.map { .string($0.script) })),
        ])
    }

    private static func parameter(_ parameter: ParameterSignature) -> JSONText {
        var members: [JSONText.Member] = [
            .init("name", .string(parameter.name)),
            .init("synopsis", .string(parameter.synopsis)),
            .init("help", .string(parameter.help)),
            .init("isRequired", .bool(parameter.isRequired)),
            .init("default", parameter.defaultText.map { .string($0) } ?? .null),
        ]
        if case .choice(let choices) = parameter.kind.syntax {
            members.append(.init("choices", .array(choices.shown.map { .string($0.name) })))
        }
        return .object(members)
    }

    private static func texts(_ members: [(String, String)]) -> JSONText {
        .object(members.map { .init($0.0, .string($0.1)) })
    }
}
