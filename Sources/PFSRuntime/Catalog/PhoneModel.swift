// One phone model as the catalogue describes it: names, generation, firmware families, whether it
// can take part in peer firmware sharing, and the default of the setting. The rows are in
// PhoneModelTable.swift, the rules that read them here.

/// A model as an index into `PhoneModel.all`: one byte, for the simulation's tables.
public struct ModelID: RawRepresentable, BitwiseCopyable, Comparable, Hashable, Sendable {
    /// The index into `PhoneModel.all`.
    public let rawValue: UInt8

    /// The model at `rawValue`; nil past the end of the table.
    public init?(rawValue: UInt8) {
        guard Int(rawValue) < PhoneModel.all.count else { return nil }
        self.rawValue = rawValue
    }

    /// The index of a row while the table is being built.
    init(row: Int) { rawValue = UInt8(row) }

    /// The model itself.
    public var model: PhoneModel { PhoneModel.all[Int(rawValue)] }

    /// The one that stands earlier in the table comes first.
    public static func < (left: ModelID, right: ModelID) -> Bool { left.rawValue < right.rawValue }
}

/// Groups of models that have the same rules.
public enum PhoneGeneration: UInt8, BitwiseCopyable, CaseIterable, Sendable, CustomStringConvertible
{
    /// 7905, 7912, 7920 and other early or special phones with formats of their own.
    case early
    /// 7940G and 7960G.
    case second
    /// 7906G to 7975G with signed `.loads`: the phones that peer firmware sharing was made for.
    case third
    /// 6900 series.
    case series6900
    /// 7800 series.
    case series7800
    /// 8800 series.
    case series8800
    /// 8941 and 8945.
    case series8900
    /// 8961, 9951 and 9971.
    case series9900
    /// A phone made by another company and sold under Cisco's name.
    case otherMaker

    /// The group as the catalogue prints it.
    public var description: String {
        switch self {
        case .early: "early or special"
        case .second: "second"
        case .third: "third"
        case .series6900: "6900 series"
        case .series7800: "7800 series"
        case .series8800: "8800 series"
        case .series8900: "8900 series"
        case .series9900: "9900 series"
        case .otherMaker: "OEM"
        }
    }
}

/// Whether a model can share firmware with its peers.
public enum SharingCapability: Hashable, Sendable {
    /// It can.
    case capable(Evidence)
    /// It cannot, and why.
    case notCapable(reason: String, Evidence)
    /// No source says; the model then counts as not capable.
    case unknown(Evidence)

    /// Whether the model counts as capable.
    public var isCapable: Bool {
        switch self {
        case .capable: true
        case .notCapable, .unknown: false
        }
    }

    /// What stands behind the answer.
    public var evidence: Evidence {
        switch self {
        case .capable(let evidence), .notCapable(_, let evidence), .unknown(let evidence): evidence
        }
    }
}

/// How the default of the Peer Firmware Sharing field follows from the CUCM version.
public enum SharingDefaultRule: UInt8, BitwiseCopyable, Sendable {
    /// Disabled below CUCM 12.5, enabled from 12.5 on: the 79xx.
    case onFromCUCM125
    /// Enabled in every version: the 7800 and 8800 series.
    case alwaysOn
    /// The model has no such field as far as is known.
    case noField

    /// The field's default under `cucm`, and how well it is known.
    public func value(under cucm: CUCMVersion) -> (value: SharingValue, evidence: Evidence) {
        switch self {
        case .alwaysOn: (.on, .newerGuides)
        case .noField: (.off, Evidence(.unknown, "no Peer Firmware Sharing field is known"))
        case .onFromCUCM125:
            if cucm >= CUCMVersion(12, 5) {
                (.on, Self.evidence(from12: cucm))
            } else if cucm.major == 6, cucm.minor == 0 {
                (.off, Evidence(.attested, "CUCM 6.0 new features: disabled by default"))
            } else {
                (
                    .off,
                    Evidence(.modelled, "disabled at CUCM 6.0, enabled at 12.5, not told between")
                )
            }
        }
    }

    /// What a phone does that is told nothing, because CUCM has no field for it.
    public var untold: (value: SharingValue, evidence: Evidence) {
        switch self {
        case .alwaysOn: (.on, .newerGuides)
        case .noField, .onFromCUCM125:
            (.off, Evidence(.modelled, "a 79xx that is told nothing keeps it disabled"))
        }
    }

    private static func evidence(from12 cucm: CUCMVersion) -> Evidence {
        cucm.major == 12
            ? Evidence(.attested, "CUCM 12.5(1) System Configuration Guide: enabled by default")
            : Evidence(.modelled, "enabled at CUCM 12.5, taken to stay so")
    }
}

/// Whether the model has figures for how long an upgrade takes inside the phone.
public enum TimingSupport: UInt8, BitwiseCopyable, Sendable, CustomStringConvertible {
    /// The rates of the 7961G are taken for the model.
    case modelled
    /// The phone is in the catalogue, but an upgrade of it has no public figures.
    case listedOnly

    /// The words that a push of such a phone prints.
    public var description: String {
        switch self {
        case .modelled: "modelled"
        case .listedOnly: "listed, timing not modelled"
        }
    }
}

/// The number that CUCM knows a model by, as in `loadInformation30018`.
public struct DeviceType: Hashable, Sendable {
    /// The number.
    public let number: UInt32
    /// Another number that a second source prints for the same model.
    public let conflicting: UInt32?
    /// Where the numbers were read.
    public let evidence: Evidence
}

/// One row of the catalogue of models.
public struct PhoneModel: Sendable {
    /// The index of the row.
    public let id: ModelID
    /// The name as the phone's log prints it: `CP-7961G`.
    public let name: String
    /// The group that the model belongs to.
    public let generation: PhoneGeneration
    /// The family of its SCCP loads, such as `SCCP41`; nil when it does not speak SCCP.
    public let sccpFamily: String?
    /// The family of its SIP loads, such as `SIP41`; nil when it does not speak SIP.
    public let sipFamily: String?
    /// How well the families are known.
    public let familyEvidence: Evidence
    /// The load that the phone asks for after a factory reset, such as `term61.default`; nil where
    /// none is known.
    public let factoryLoad: LoadName?
    /// CUCM's number for the model; nil where none is known.
    public let deviceType: DeviceType?
    /// Whether the model can share firmware.
    public let sharing: SharingCapability
    /// The default of the setting.
    public let sharingDefault: SharingDefaultRule
    /// Whether an upgrade's time is modelled.
    public let timing: TimingSupport

    /// The family of the loads for `deviceProtocol`; nil when the model does not speak it.
    public func family(for deviceProtocol: DeviceProtocol) -> String? {
        switch deviceProtocol {
        case .sccp: sccpFamily
        case .sip: sipFamily
        }
    }

    /// The protocol that a phone of this model speaks unless told: SCCP where there is SCCP
    /// firmware.
    public var standardProtocol: DeviceProtocol { sccpFamily == nil ? .sip : .sccp }

    /// Whether the model's name begins with CP-79: the phones that the 8.3(1) gate is about.
    public var is79xx: Bool { name.hasPrefix("CP-79") }

    /// How `load` fits a phone of this model that speaks `deviceProtocol`.
    public func fit(of load: LoadName, for deviceProtocol: DeviceProtocol) -> LoadFit {
        if load.family == family(for: deviceProtocol) || load == factoryLoad { return .fits }
        return load.family == sccpFamily || load.family == sipFamily ? .wrongProtocol : .wrongFamily
    }
}

/// Whether a load can run on a phone.
public enum LoadFit: BitwiseCopyable, Sendable {
    /// It is of the family of the phone's model and protocol, or the model's factory load.
    case fits
    /// It is for the model, but for the other protocol.
    case wrongProtocol
    /// It is for other models.
    case wrongFamily
}
