// Whether CUCM's pages have the Peer Firmware Sharing field for a model: it came with CUCM 6.0 and with
// device packs for older versions, and was forgotten for some models. Where it is missing nothing that is
// entered reaches the phone.

/// What a device pack says of the field, in place of the version's rule.
public enum DevicePackEntry: UInt8, BitwiseCopyable, Hashable, Sendable {
    /// It brings the field.
    case has
    /// It lacks the field.
    case lacks
}

/// Whether CUCM has the field for a phone, and why.
public struct FieldPresence: Hashable, Sendable {
    /// Whether it has.
    public let isPresent: Bool
    /// The reason, in a few words.
    public let reason: String
    /// The bug by which it is missing; nil where it is there, or missing for another reason.
    public let bug: KnownBug?
    /// How well it is known.
    public let evidence: Evidence

    private init(_ isPresent: Bool, _ reason: String, _ evidence: Evidence, bug: KnownBug? = nil) {
        self.isPresent = isPresent
        self.reason = reason
        self.evidence = evidence
        self.bug = bug
    }

    /// Decides: what a device pack brings outranks a bug, which outranks the version.
    public init(
        of model: PhoneModel,
        under cucm: CUCMVersion,
        pack: DevicePackEntry? = nil,
        bugs: BugSet = .atFirst
    ) {
        switch pack {
        case .has:
            self.init(true, "device pack", Evidence(.modelled, "a device pack that has the field"))
            return
        case .lacks:
            self.init(
                false,
                "device pack lacks it",
                Evidence(.modelled, "a device pack that lacks the field")
            )
            return
        case nil: break
        }
        let hiding = KnownBug.allCases.first {
            $0.hidesField && bugs[$0] && $0.bites(model, under: cucm)
        }
        if let hiding {
            self.init(false, "bug \(hiding.id)", hiding.evidence, bug: hiding)
            return
        }
        self = Self.byVersion(cucm)
    }

    private static func byVersion(_ cucm: CUCMVersion) -> FieldPresence {
        if cucm >= CUCMVersion(6, 0) {
            return FieldPresence(
                true,
                "CUCM 6.0 or later",
                Evidence(.attested, "CUCM 6.0 new features")
            )
        }
        if cucm >= CUCMVersion(5, 0) {
            return FieldPresence(
                true,
                "CUCM 5.0 or later",
                Evidence(.derived, "TechNote 200615: BAT can set it from CUCM 5.0 on")
            )
        }
        if CUCMVersion.ofAXLScript.contains(cucm) {
            return FieldPresence(
                true,
                "by AXL script",
                Evidence(.derived, "TechNote 200615: ccmppid sets it on this CUCM")
            )
        }
        return FieldPresence(
            false,
            "no device pack is known",
            Evidence(.modelled, "TechNote 200615 names 4.1(3), 4.2(3), 4.3(1) and 5.0 on")
        )
    }
}

extension CUCMVersion {
    /// The versions for which the AXL script `ccmppid` was made (TechNote 200615).
    public static let ofAXLScript = [
        CUCMVersion(4, 1, 3), CUCMVersion(4, 2, 3), CUCMVersion(4, 3, 1),
    ]

    /// The first version whose Bulk Administration Tool has the field (TechNote 200615).
    public static let firstWithBulkField = CUCMVersion(5, 0)
}
