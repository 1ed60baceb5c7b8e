// Switches of the model that no list shows: the planted defects. `set parameter` knows them by name, and
// docs/storm.md says what they are for.

extension ModelParameter {
    /// The switches that no list shows: 1 plants a defect, 0 takes it away.
    public static let hidden: [ModelParameter] = PlantedDefect.allCases.map { defect in
        ModelParameter(
            name: "planted-\(defect.name)",
            help: defect.help,
            unit: .count,
            mark: .modelled,
            limits: 0...1,
            read: { $0.peer.planted[defect] ? 1 : 0 },
            write: { $0.peer.planted[defect] = $1 != 0 }
        )
    }
}
