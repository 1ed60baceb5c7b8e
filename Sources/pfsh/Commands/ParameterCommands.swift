// The numbers of the model: what they are, and what if they were others.

import Interpreter
import PFSRuntime

enum ParameterCommands {
    static let all = [set, show]

    static let set = Command<ShellHost>(
        "set parameter",
        group: SettingsCommands.group,
        summary: "Set a number of the model, before time moves.",
        discussion: "`show parameters` lists them with their defaults and says how well each is "
            + "known. Phones that are there already take the new value too.",
        .argument("parameter", help: "which number"),
        .argument("value", help: "a quantity of its unit"),
        changesWorld: true,
        examples: [Example("set parameter root-waiting 2s")]
    ) {
        (host: inout ShellHost, name: ParameterArgument, value: Located<Value>)
            throws(Diagnostic) -> Output in
        let parameter = name.parameter
        guard let number = parameter.number(value.node) else {
            let example = ParameterTable.value(parameter.standard, of: parameter)
            throw Diagnostic(
                "expected \(example.type.phrase) such as \(example.text), not \(value.node.literal)",
                at: value.range
            )
        }
        try change(parameter, to: number, at: value.range, in: host)
        return .none
    }.undone(
        by: Command(
            "set parameter",
            group: SettingsCommands.group,
            summary: "Set a number of the model to its default.",
            .argument("parameter", help: "which number"),
            changesWorld: true,
            examples: [Example("no set parameter tick", setup: ["set parameter tick 500ms"])]
        ) {
            (host: inout ShellHost, name: Located<ParameterArgument>) throws(Diagnostic) -> Output
            in
            let parameter = name.node.parameter
            try change(parameter, to: parameter.standard, at: name.range, in: host)
            return .none
        }
    )

    private static func change(
        _ parameter: ModelParameter,
        to number: Int64,
        at range: SourceRange,
        in host: ShellHost
    ) throws(Diagnostic) {
        do throws(WorldError) {
            try host.world.set(parameter, to: number)
        } catch {
            let limits = [parameter.limits.lowerBound, parameter.limits.upperBound].map {
                ParameterTable.value($0, of: parameter).text
            }
            var hints: [String] = []
            if case .outsideLimits = error {
                hints = ["\(parameter.name) is from \(limits[0]) to \(limits[1])"]
            }
            throw Diagnostic(error.description, at: range, hints: hints)
        }
    }

    static let show = Command<ShellHost>(
        "show parameters",
        group: ShowCommands.group,
        summary: "Show the numbers of the model, their defaults and how well these are known.",
        discussion: "Attested is what a public document says, derived what follows from one, "
            + "modelled this program's own choice.",
        .optional("parameter", help: "one of them; all if not given"),
        examples: [Example("show parameters tick")]
    ) { (host: inout ShellHost, name: ParameterArgument?) throws(Diagnostic) -> Output in
        let chosen = name.map { [$0.parameter] } ?? ModelParameter.all
        return .table(ParameterTable.table(chosen, in: host.world))
    }
}

extension ModelParameter {
    /// A value as this number's own unit; nil where it is of another kind.
    fileprivate func number(_ value: Value) -> Int64? {
        switch (unit, value) {
        case (.duration, .duration(let nanoseconds)): nanoseconds
        case (.count, .integer(let count)): count
        case (.size, .size(let bytes)): bytes
        case (.rate, .rate(let bits)): bits
        case (.flag, .bool(let isOn)): isOn ? 1 : 0
        case (.duration, _), (.count, _), (.size, _), (.rate, _), (.flag, _): nil
        }
    }
}
