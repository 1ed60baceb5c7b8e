// The parameters of a script as seen from outside, before it runs: which there are, what each is if it
// is not given, and whether a text can be its value. A call that runs a script many times, each time with
// other values, finds a mistake before the first run.

/// A `parameter` that a script declares outside of blocks.
public struct ScriptParameter: Sendable, Equatable {
    /// Its name.
    public let name: String

    /// What it is if it is not given; nil where only a run can tell, as for one worked out from the
    /// world.
    public let standard: Value?

    /// Why `text` cannot be its value; nil if it can, or where only a run can tell.
    public func objection(to text: String) -> String? {
        guard let standard, standard != .none, standard.type != .string else { return nil }
        let given = Self.word(text)
        return given.type == standard.type ? nil : Self.objection(name, standard, given)
    }

    /// What is said of a value of the wrong type.
    static func objection(_ name: String, _ standard: Value, _ given: Value) -> String {
        "\(name) is \(standard.type.phrase), not \(given.literal)"
    }

    /// What a raw word is worth that names no object.
    static func word(_ text: String) -> Value {
        switch text {
        case "on", "off": return .bool(text == "on")
        case "none": return .none
        default:
            do throws(Quantity.Fault) {
                return try Quantity.parse(text)
            } catch {
                return .string(text)
            }
        }
    }
}

extension Interpreter {
    /// The parameters that a text declares outside of blocks, in their order; none if it has errors.
    ///
    /// Defaults are worked out in the world as it is, without running what stands in front of them.
    public func parameters(of source: SourceText) -> [ScriptParameter] {
        let parsed = registry.parse(source)
        guard parsed.diagnostics.isEmpty else { return [] }
        var evaluator = ExpressionEvaluator<HostType>(registry: registry)
        return parsed.script.statements.compactMap { statement in
            guard case .parameter(let name, let expression) = statement.kind else { return nil }
            let standard = try? evaluator.evaluate(expression, host)
            if let standard { evaluator.scope.set(name.node, to: standard) }
            return ScriptParameter(name: name.node, standard: standard)
        }
    }
}
