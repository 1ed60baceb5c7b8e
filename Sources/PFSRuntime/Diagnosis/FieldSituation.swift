// Situations of the field, each declared once: what it is, what tells it, what to do, and where it is known
// from. `diagnose`, its help, docs/field-problems.md and the tests are made of the table.

/// Whether something is wrong.
public enum FindingKind: String, Sendable {
    /// It works as designed; what that costs.
    case note
    /// Something is to be done.
    case problem
}

/// What a situation can be told from.
public enum SituationSight: String, Sendable {
    /// The logs alone say it.
    case logs
    /// Only the configuration or the present state says it.
    case world
    /// The phones' configuration files say it.
    case configuration
}

/// What speaks for a situation.
public struct Sign: Hashable, Sendable {
    /// The phone that it is about; empty if none.
    public let phone: String
    /// Microseconds on the log's clock; nil for what has no time.
    public let microseconds: Int64?
    /// A line of a log, an alarm, a setting.
    public let text: String

    /// A sign that is no line.
    init(_ phone: String, _ text: String, at microseconds: Int64? = nil) {
        self.phone = phone
        self.microseconds = microseconds
        self.text = text
    }

    /// A line of a phone's log.
    init(_ phone: String, _ line: LoggedLine) {
        self.init(
            phone,
            "\(line.severity.rawValue) \(line.event.kind.task): \(line.text)",
            at: line.microseconds
        )
    }

    /// The phone, the time of day and the text.
    public var description: String {
        let time = microseconds.map { "\(TimeOfDay(microseconds: $0)) " } ?? ""
        return (phone.isEmpty ? "" : "\(phone) ") + time + text
    }
}

/// A situation of the field.
public struct FieldSituation: Sendable {
    /// What it is called.
    public let name: String
    /// One line.
    public let title: String
    /// Whether it is wrong.
    public let kind: FindingKind
    /// What it can be told from.
    public let sight: SituationSight
    /// What tells it.
    public let signs: String
    /// What to do; of a note, what it costs.
    public let remedy: String
    /// How well it is known, and from where.
    public let evidence: Evidence
    /// The known bugs that let it come about, where they are on.
    public private(set) var bugs: [KnownBug] = []
    /// Looks for it.
    let look: @Sendable (FieldCase) -> [Sign]

    /// All, in the order of `docs/field-problems.md`.
    public static let all: [FieldSituation] =
        sharingSituations + networkSituations + serverSituations + phoneSituations
        + configurationSituations

    /// The situation of a name; nil if there is none.
    public static func named(_ name: String) -> FieldSituation? { all.first { $0.name == name } }
}

/// A situation that fits.
public struct FieldFinding: Sendable {
    /// The situation.
    public let situation: FieldSituation
    /// What speaks for it, at least one.
    public let signs: [Sign]
    /// The known bugs that are on in the world for phones that the signs are about, with the phones.
    public let bugs: [(bug: KnownBug, phones: [String])]

    /// All that fit what is known, in the order of the table.
    public static func all(in known: FieldCase) -> [FieldFinding] {
        FieldSituation.all.compactMap { situation in
            let signs = situation.look(known)
            guard !signs.isEmpty else { return nil }
            return FieldFinding(
                situation: situation,
                signs: signs,
                bugs: situation.bugs.compactMap { bug in
                    let phones = known.phones(with: bug, among: signs)
                    return phones.isEmpty ? nil : (bug, phones)
                }
            )
        }
    }
}

extension FieldCase {
    /// The phones that some signs are about and that have a bug, by name; none where only logs are known.
    fileprivate func phones(with bug: KnownBug, among signs: [Sign]) -> [String] {
        guard let world else { return [] }
        var names: [String] = []
        for sign in signs where !names.contains(sign.phone) {
            guard let phone = world.phone(named: sign.phone), world.bugs(of: phone)[bug] else {
                continue
            }
            names.append(sign.phone)
        }
        return names
    }
}

extension FieldSituation {
    /// The same, with the known bugs that let it come about.
    func by(_ bugs: KnownBug...) -> FieldSituation {
        var situation = self
        situation.bugs = bugs
        return situation
    }

    static func problem(
        _ name: String,
        _ title: String,
        _ sight: SituationSight,
        signs: String,
        remedy: String,
        _ evidence: Evidence,
        look: @escaping @Sendable (FieldCase) -> [Sign]
    ) -> FieldSituation {
        FieldSituation(
            name: name,
            title: title,
            kind: .problem,
            sight: sight,
            signs: signs,
            remedy: remedy,
            evidence: evidence,
            look: look
        )
    }

    static func note(
        _ name: String,
        _ title: String,
        _ sight: SituationSight,
        signs: String,
        cost: String,
        _ evidence: Evidence,
        look: @escaping @Sendable (FieldCase) -> [Sign]
    ) -> FieldSituation {
        FieldSituation(
            name: name,
            title: title,
            kind: .note,
            sight: sight,
            signs: signs,
            remedy: cost,
            evidence: evidence,
            look: look
        )
    }
}
