// The decision as lines of at most 80 columns: the answer, the levels as a table, the conditions
// with their marks, and an arrow at what settled it, with its source.

extension SharingDecision {
    /// The decision as text, one line per element, each at most 80 characters wide.
    ///
    /// `address` stands in the first line, when the phone has one; `profileName` names the phone's
    /// common phone profile, when it has one, and is shortened where it is too long.
    public func lines(address: IPv4Address?, profileName: String?) -> [String] {
        let phone = question.model.model.name + (address.map { " \($0)" } ?? "")
        let answer =
            takesPart
            ? "YES, looks for peers on its subnet first"
            : "NO, takes every file from the server by itself"
        var lines = [
            "\(phone): \(answer)",
            Self.columns("level", "value", "override box", "counts"),
        ]
        lines += levels.map { line(for: $0, profileName: profileName) }
        if isDefault { lines.append(defaultLine) }
        lines += conditionLines
        lines += bugsOfUpgrade.map { "bug \($0.id) on: \($0.declaration.short) [modelled]" }
        if let settling = finding(settledBy) {
            lines.append("source: \(settling.evidence.source) [\(settling.evidence.mark)]")
        }
        return lines
    }

    private static let arrow = "<- settled it"
    private static let levelWidth = 22
    private static let lineWidth = 80

    private func line(for finding: LevelFinding, profileName: String?) -> String {
        let counts =
            switch finding.standing {
            case .counts: settledBy == .setting ? "YES  \(Self.arrow)" : "YES"
            case .notSet: "no  (nothing entered)"
            case .notTicked: "no  (entered, never applies)"
            case .outranked(by: let level): "no  (\(Self.shortName(level)) outranks it)"
            case .noField: "no  (no such field in CUCM)"
            }
        let name =
            finding.level == .commonPhoneProfile
            ? Self.profile(profileName) : Self.shortName(finding.level)
        guard let setting = finding.setting else { return Self.columns(name, "-", "-", counts) }
        return Self.columns(
            name,
            setting.value.description,
            setting.isTicked ? "ticked" : "not ticked",
            counts
        )
    }

    private var defaultLine: String {
        let mark = finding(.setting).map { " [\($0.evidence.mark)]" } ?? ""
        let counts = "YES" + mark + (settledBy == .setting ? "  \(Self.arrow)" : "")
        let name = field.isPresent ? "default, CUCM \(question.cucm)" : "default of the phone"
        return Self.columns(name, value.description, "-", counts)
    }

    /// The conditions that hold side by side, then each that fails on a line of its own.
    private var conditionLines: [String] {
        var lines: [String] = []
        var current = ""
        let others = findings.filter { $0.condition != .setting }
        for finding in others where finding.holds {
            let part = "\(finding.text) ok [\(finding.evidence.mark)]"
            if !current.isEmpty, current.count + 2 + part.count > Self.lineWidth {
                lines.append(current)
                current = ""
            }
            current += current.isEmpty ? part : "  " + part
        }
        if !current.isEmpty { lines.append(current) }
        for finding in others where !finding.holds {
            let line = "\(finding.text) [\(finding.evidence.mark)]"
            let isSettling = finding.condition == settledBy
            lines.append(isSettling ? Self.padded(line, to: 55) + Self.arrow : line)
        }
        return lines
    }

    private static func shortName(_ level: SharingLevel) -> String {
        switch level {
        case .device: "phone page"
        case .commonPhoneProfile: "profile"
        case .enterprise: "enterprise"
        }
    }

    private static func profile(_ name: String?) -> String {
        guard let name else { return shortName(.commonPhoneProfile) }
        let room = levelWidth - 1 - "profile \"\"".count
        let shown = name.count > room ? name.prefix(room - 3) + "..." : name[...]
        return "profile \"\(shown)\""
    }

    private static func columns(
        _ level: String,
        _ value: String,
        _ box: String,
        _ counts: String
    ) -> String {
        padded(level, to: levelWidth) + padded(value, to: 10) + padded(box, to: 14) + counts
    }

    /// The text and blanks up to the column, at least one.
    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
