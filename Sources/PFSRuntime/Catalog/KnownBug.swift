// The gallery: defects of the field that have an id and a public headline, each declared once. Only the
// headlines are public; what each one does here is modelled, and says so. Commands, tables, documents and
// tests are made from this; what a bug does stands at the place that it spoils.

/// A known defect of peer firmware sharing that can be switched on.
public enum KnownBug: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    // In the order of TechNote 200615.
    /// CSCtg96408: a phone does not boot after an upgrade by its peers.
    case bootFailure
    /// CSCso40251: CUCM has no field for the 7965 and the 7975.
    case fieldMissingOn7965And7975
    /// CSCsh98792: Update Phones of BAT does not set what is specific to the product.
    case bulkUpdate
    /// CSCud66570: the 7931 takes the setting for Disabled.
    case alwaysDisabled
    /// CSCui49910: the web page lacks the row.
    case webPageRow
    /// CSCus67416: the second phone goes to the servers.
    case secondPhoneToServer
    /// CSCtb49726: CUCM has no field for the 7942 and the 7962.
    case fieldMissingOn7942And7962
    /// CSCsh20977: CUCM has the field for no model yet.
    case fieldNotAdded
}

/// Which models a bug is about.
public enum BugModels: Hashable, Sendable {
    /// Those of these names.
    case named([String])
    /// All of the third generation.
    case thirdGeneration
    /// All that can share firmware.
    case sharing
    /// Any.
    case any

    /// Whether a model is among them.
    public func hold(_ model: PhoneModel) -> Bool {
        switch self {
        case .named(let names): names.contains(model.name)
        case .thirdGeneration: model.generation == .third
        case .sharing: model.sharing.isCapable
        case .any: true
        }
    }

    /// The models in a few words.
    public var description: String {
        switch self {
        case .named(let names): names.joined(separator: ", ")
        case .thirdGeneration: "third generation"
        case .sharing: "all that share"
        case .any: "any"
        }
    }
}

/// What is declared of a bug.
public struct BugDeclaration: Sendable {
    /// Its id, as TechNote 200615 links it.
    public let id: String
    /// Its headline, word for word.
    public let headline: String
    /// Which models it is about.
    public let models: BugModels
    /// The first and the last CUCM in which it does something; nil where the headline names none.
    public let cucm: ClosedRange<CUCMVersion>?
    /// What it does here, as half a sentence.
    public let mechanism: String
    /// Its short form, for one line beside an id.
    public let short: String
    /// Whether a world begins with it.
    public let isOnAtFirst: Bool
}

extension KnownBug {
    /// All that is known of the bug, and what is modelled.
    public var declaration: BugDeclaration { Self.declarations[Int(rawValue)] }

    private static let declarations = allCases.map(\.declared)

    private var declared: BugDeclaration {
        switch self {
        case .bootFailure:
            .bug(
                "CSCtg96408",
                "Third-gen phone (7911/41, etc) fails to boot after PFS upgrade.",
                .thirdGeneration,
                "a phone that took a file from a peer does not come up when it has applied the load; "
                    + "a factory reset brings it back",
                short: "does not boot after an upgrade by peers"
            )
        case .fieldMissingOn7965And7975:
            .bug(
                "CSCso40251",
                "No \"Peer Firmware Sharing\" field for 7975/7965 in CUCM ES 5.1.2.3127-1.",
                .named(["CP-7965G", "CP-7975G"]),
                cucm: CUCMVersion(5, 1, 2)...CUCMVersion(5, 1, 2),
                "CUCM has no field for these models, so that no level reaches them and the phone keeps "
                    + "its own default, Disabled",
                short: "no field in CUCM"
            )
        case .bulkUpdate:
            .bug(
                "CSCsh98792",
                "CM 5.x/6.0 Bulk Admin Update Phones fails to set product specific params.",
                .sharing,
                cucm: CUCMVersion(5, 0)...CUCMVersion(6, 0, 999),
                "`bulk update` reports success and leaves the fields as they are that are specific to "
                    + "the product: sharing and Load Server; the load it sets",
                short: "BAT leaves the field as it is"
            )
        case .alwaysDisabled:
            .bug(
                "CSCud66570",
                "7931 Peer Firmware Sharing always disabled.",
                .named(["CP-7931G"]),
                "the phone takes the field for Disabled whatever CUCM says; a world begins with it on, "
                    + "because no fixed version is public",
                short: "7931 always Disabled",
                isOnAtFirst: true
            )
        case .webPageRow:
            .bug(
                "CSCui49910",
                "[Pegatron]\"No \"\"peer firmware sharing\"\" in network setup of web page\".",
                .any,
                "the network configuration page lacks its Peer Firmware Sharing row; which models "
                    + "Pegatron makes is not public, so it may be any",
                short: "no row on the web page"
            )
        case .secondPhoneToServer:
            .bug(
                "CSCus67416",
                "Enable \"Peer Firmware Sharing\", Phone B still go to servers download fw.",
                .sharing,
                "a phone that hears a root or a holder asks the server for the file instead",
                short: "asks the server though it hears a root"
            )
        case .fieldMissingOn7942And7962:
            .bug(
                "CSCtb49726",
                "Peer File sharing Option is missing On Product specific conf on 7942/62.",
                .named(["CP-7942G", "CP-7962G"]),
                "as CSCso40251, for these models and whatever the version of CUCM",
                short: "no field in CUCM"
            )
        case .fieldNotAdded:
            .bug(
                "CSCsh20977",
                "Adding new Product Specific features Peer Firmware Sharin gn World Wide.",
                .sharing,
                cucm: CUCMVersion(0, 0)...CUCMVersion(5, 999, 999),
                "a wish, not a defect: while it is on, CUCM before 6.0 has the field for no model",
                short: "no field in CUCM yet"
            )
        }
    }

    /// The id, as TechNote 200615 links it.
    public var id: String { declaration.id }

    /// The bug of an id; nil if there is none.
    public static func named(_ id: String) -> KnownBug? { allCases.first { $0.id == id } }

    /// Where the headline stands.
    public var evidence: Evidence { Evidence(.attested, "headline of \(id) in TechNote 200615") }

    /// The script that shows it, from the root of the repository.
    public var script: String { "examples/bugs/\(id).pfsh" }

    /// Whether it does something to phones of a model under a CUCM, where it is on.
    public func bites(_ model: PhoneModel, under cucm: CUCMVersion) -> Bool {
        let declaration = declaration
        return declaration.models.hold(model) && (declaration.cucm?.contains(cucm) ?? true)
    }

    /// Whether CUCM lacks the field by it.
    var hidesField: Bool {
        switch self {
        case .fieldMissingOn7965And7975, .fieldMissingOn7942And7962, .fieldNotAdded: true
        case .bootFailure, .bulkUpdate, .alwaysDisabled, .webPageRow, .secondPhoneToServer: false
        }
    }

    /// Whether the phone itself does something else by it while it upgrades.
    var changesUpgrade: Bool { self == .bootFailure || self == .secondPhoneToServer }
}

extension BugDeclaration {
    fileprivate static func bug(
        _ id: String,
        _ headline: String,
        _ models: BugModels,
        cucm: ClosedRange<CUCMVersion>? = nil,
        _ mechanism: String,
        short: String,
        isOnAtFirst: Bool = false
    ) -> BugDeclaration {
        BugDeclaration(
            id: id,
            headline: headline,
            models: models,
            cucm: cucm,
            mechanism: mechanism,
            short: short,
            isOnAtFirst: isOnAtFirst
        )
    }
}

/// Some of the known bugs.
public struct BugSet: BitwiseCopyable, Hashable, Sendable {
    private var bits: UInt8 = 0

    /// None.
    public init() {}

    /// Those with which a world begins.
    public static let atFirst: BugSet = {
        var set = BugSet()
        for bug in KnownBug.allCases { set[bug] = bug.declaration.isOnAtFirst }
        return set
    }()

    /// Whether there is none.
    public var isEmpty: Bool { bits == 0 }

    /// Whether a bug is among them.
    public subscript(bug: KnownBug) -> Bool {
        get { bits & 1 << bug.rawValue != 0 }
        set {
            let bit: UInt8 = 1 << bug.rawValue
            bits = newValue ? bits | bit : bits & ~bit
        }
    }
}

/// The generated part of the page about bugs.
public enum KnownBugsTable {
    /// One row for each bug, in the order of TechNote 200615.
    public static func bugs() -> String {
        var text =
            "| id | headline [attested] | models | CUCM | what it does here [modelled] | script |\n"
        text += "| --- | --- | --- | --- | --- | --- |\n"
        for bug in KnownBug.allCases {
            let declaration = bug.declaration
            let versions = Self.versions(declaration.cucm)
            text +=
                "| \(bug.id) | \(declaration.headline) | \(declaration.models.description) | "
                + "\(versions) | \(declaration.mechanism) | "
                + "[\(bug.id).pfsh](../\(bug.script)) |\n"
        }
        return text
    }

    /// Versions of CUCM in words.
    public static func versions(_ range: ClosedRange<CUCMVersion>?) -> String {
        guard let range else { return "any" }
        let (first, last) = (range.lowerBound, range.upperBound)
        if first == last { return "\(first)" }
        if first.major == 0 { return "before \(last.major + 1).0" }
        return "\(first) to \(CUCMVersion(last.major, last.minor))"
    }
}
