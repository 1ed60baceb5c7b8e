// The situations as Markdown, for docs/field-problems.md, which a test compares.

/// The generated part of the page about field problems.
public enum FieldProblemsTable {
    /// A heading for each situation, with its signs, what to do, its source and its script.
    public static func situations() -> String {
        FieldSituation.all.map { situation in
            let word = situation.kind == .problem ? "Do" : "Cost"
            let told =
                switch situation.sight {
                case .logs: "the logs alone"
                case .world: "the world only"
                case .configuration: "phones' configuration files"
                }
            return """
                ### \(situation.name)

                A \(situation.kind.rawValue), told by \(told): \(situation.title).

                - Signs: \(situation.signs).
                - \(word): \(situation.remedy).
                - Known from: \(situation.evidence.source) [\(situation.evidence.mark)].
                - Script: [\(situation.name).pfsh](../examples/field/\(situation.name).pfsh)

                """
        }.joined(separator: "\n")
    }
}
