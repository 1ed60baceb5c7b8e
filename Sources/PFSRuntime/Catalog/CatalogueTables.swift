// The catalogue as Markdown tables, for docs/catalogue.md. A test compares the page with these
// functions, so that the page cannot say anything else than the program.

/// The generated tables of the documentation.
public enum CatalogueTables {
    /// One row per model, in the order of the catalogue.
    public static func models() -> String {
        let header = [
            "Model", "Generation", "SCCP loads", "SIP loads", "After factory reset", "CUCM type",
            "Peer firmware sharing", "Default", "Timing",
        ]
        let rows = PhoneModel.all.map { model in
            [
                model.name, model.generation.description, code(model.sccpFamily),
                code(model.sipFamily), code(model.factoryLoad?.text), type(model.deviceType),
                sharing(model), standard(model.sharingDefault), model.timing.description,
            ]
        }
        return table(header, rows)
    }

    /// One row per built-in load, in the order of the catalogue.
    public static func loads() -> String {
        let header = ["Load", "Version", "Files", "Bytes in all", "Name", "Sizes"]
        let rows = FirmwareLoad.builtIn.map { load in
            let isListed = load.contents != .nameOnly
            return [
                code(load.name.text), load.version?.description ?? "",
                isListed ? "\(load.files.count)" : "not public",
                isListed ? "\(load.totalBytes)" : "", load.evidence.mark.description,
                isListed ? sizes(load) : "unknown",
            ]
        }
        return table(header, rows)
    }

    private static func sharing(_ model: PhoneModel) -> String {
        let mark = "[\(model.sharing.evidence.mark)]"
        return switch model.sharing {
        case .capable: (["yes \(mark)"] + bugs(model).map(\.id)).joined(separator: ", but ")
        case .notCapable(let reason, _): "no, \(reason) \(mark)"
        case .unknown: "unknown, counts as no"
        }
    }

    /// The bugs that a phone of the model has in a world that was told nothing.
    private static func bugs(_ model: PhoneModel) -> [KnownBug] {
        KnownBug.allCases.filter { $0.declaration.isOnAtFirst && $0.bites(model, under: .standard) }
    }

    private static func standard(_ rule: SharingDefaultRule) -> String {
        switch rule {
        case .onFromCUCM125: "off below CUCM 12.5, on from 12.5"
        case .alwaysOn: "on"
        case .noField: ""
        }
    }

    private static func type(_ type: DeviceType?) -> String {
        guard let type else { return "unknown" }
        return "\(type.number)" + (type.conflicting.map { " (also printed: \($0))" } ?? "")
    }

    /// How many of the files have which mark, the best founded first.
    private static func sizes(_ load: FirmwareLoad) -> String {
        let counts = Mark.allCases.map { mark in
            (mark, load.files.filter { $0.evidence.mark == mark }.count)
        }
        return counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
    }

    private static func code(_ text: String?) -> String { text.map { "`\($0)`" } ?? "" }

    private static func table(_ header: [String], _ rows: [[String]]) -> String {
        let rule = header.map { _ in "---" }
        return ([header, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }
}
