// The catalogue of phone models: one declaration per model, grouped by series. What the rows of a
// series have in common is said once, in the function that makes its rows. New models go to the end
// of the table, because a model's index is its identity in recordings.

extension PhoneModel {
    /// All models, in the order of their `ModelID`.
    public static let all: [PhoneModel] = rows.enumerated().map { index, row in
        PhoneModel(
            id: ModelID(row: index),
            name: row.name,
            generation: row.generation,
            sccpFamily: row.sccp,
            sipFamily: row.sip,
            familyEvidence: row.familyEvidence,
            factoryLoad: row.factoryLoad.map { LoadName(checked: $0) },
            deviceType: row.deviceType,
            sharing: row.sharing,
            sharingDefault: row.sharingDefault,
            timing: row.timing
        )
    }

    private static let rows: [Row] = [
        .third("7906G", "11", factory: "term06", .alarmGuide(369)),
        .third("7911G", "11", factory: "term11", .alarmGuide(307)),
        .third("7931G", "31", factory: "term31", .alarmGuide(348), speaksSIP: false),
        .third("7941G", "41", factory: "term41", .alarmGuide(115)),
        .third("7941G-GE", "41", factory: "term41", .conflicting(309, alarmGuide: 308)),
        .third("7961G", "41", factory: "term61", .alarmGuide(30018)),
        .third("7961G-GE", "41", factory: "term61", .conflicting(308, alarmGuide: 309)),
        .third("7942G", "42", factory: "term42", .alarmGuide(434), sharing: .fieldAddedLater),
        .third("7962G", "42", factory: "term62", .alarmGuide(404), sharing: .fieldAddedLater),
        .third("7945G", "45", factory: "term45", .alarmGuide(435), sharing: .guideOf7945),
        .third("7965G", "45", factory: "term65", .alarmGuide(436), sharing: .guideOf7945),
        .third("7970G", "70", factory: "term70", .alarmGuide(30006)),
        .third("7971G-GE", "70", factory: "term71", .alarmGuide(119)),
        .third("7975G", "75", factory: "term75", .alarmGuide(437), sharing: .guideOf7945),
        .second("7940G", .alarmGuide(8)),
        .second("7960G", .alarmGuide(7)),
        .early("7905G", sccp: "CP7905080003SCCP070409A", .configurationFile(20000)),
        .early("7912G", sccp: "CP7912080004SCCP080108A", .configurationFile(30007)),
        .early("7920", sccp: "cmterm_7920", .configurationFile(30002)),
        .early("7921G", sccp: "CP7921G", .configurationFile(365)),
        .early("7925G", sccp: "CP7925G", .configurationFile(484)),
        .early("7926G", sccp: "CP7926G", .configurationFile(577)),
        .early("7935", sccp: "P00503021900", .configurationFile(9)),
        .early("7936", sccp: "cmterm_7936", .configurationFile(30019)),
        .early("7937G", sccp: "apps37sccp", .configurationFile(431)),
        .early("7985G", sccp: "cmterm_7985", .configurationFile(302)),
        .undecided("6901", .series6900, sccp: "SCCP6901", .configurationFile(547)),
        .undecided("6911", .series6900, sccp: "SCCP6911", .configurationFile(548)),
        .undecided("6921", .series6900, sccp: "SCCP69xx", sip: "SIP69xx", .alarmGuide(495)),
        .undecided("6941", .series6900, sccp: "SCCP69xx", sip: "SIP69xx", .alarmGuide(496)),
        .undecided("6945", .series6900, sccp: "SCCP6945", .configurationFile(564)),
        .undecided("6961", .series6900, sccp: "SCCP69xx", sip: "SIP69xx", .alarmGuide(497)),
        .newer("7811", .series7800, "sip78xx", .configurationFile(36213)),
        .newer("7821", .series7800, "sip78xx", .configurationFile(621)),
        .newer("7841", .series7800, "sip78xx", .configurationFile(622)),
        .newer("7861", .series7800, "sip78xx", .configurationFile(623)),
        .newer("7832", .series7800, "sip7832", .configurationFile(36247)),
        .newer("8811", .series8800, "sip88xx", .configurationFile(36217)),
        .newer("8841", .series8800, "sip88xx", .configurationFile(683)),
        .newer("8851", .series8800, "sip88xx", .configurationFile(684)),
        .newer("8861", .series8800, "sip88xx", .configurationFile(685)),
        .newer("8845", .series8800, "sip8845_65", .configurationFile(36224)),
        .newer("8865", .series8800, "sip8845_65", .configurationFile(36225)),
        .newer("8832", .series8800, "sip8832", .configurationFile(36258)),
        .undecided(
            "8941",
            .series8900,
            sccp: "SCCP894x",
            sip: "SIP894x",
            .configurationFile(586)
        ),
        .undecided(
            "8945",
            .series8900,
            sccp: "SCCP894x",
            sip: "SIP894x",
            .configurationFile(585)
        ),
        .undecided("8961", .series9900, sip: "sip8961", .configurationFile(540)),
        .undecided("9951", .series9900, sip: "sip9951", .configurationFile(537)),
        .undecided("9971", .series9900, sip: "sip9971", .alarmGuide(493)),
        .otherMaker("Tandberg"),
    ]
}

/// A row as it is written down, before it has an index.
private struct Row {
    let name: String
    let generation: PhoneGeneration
    var sccp: String?
    var sip: String?
    var familyEvidence = Evidence.platformList
    var factoryLoad: String?
    var deviceType: DeviceType?
    let sharing: SharingCapability
    var sharingDefault = SharingDefaultRule.noField
    var timing = TimingSupport.listedOnly

    static func third(
        _ number: String,
        _ family: String,
        factory: String,
        _ deviceType: DeviceType,
        speaksSIP: Bool = true,
        sharing: SharingCapability = .listedThirdGeneration
    ) -> Row {
        Row(
            name: "CP-" + number,
            generation: .third,
            sccp: "SCCP" + family,
            sip: speaksSIP ? "SIP" + family : nil,
            factoryLoad: factory + ".default",
            deviceType: deviceType,
            sharing: sharing,
            sharingDefault: .onFromCUCM125,
            timing: .modelled
        )
    }

    static func second(_ number: String, _ deviceType: DeviceType) -> Row {
        Row(
            name: "CP-" + number,
            generation: .second,
            sccp: "P003",
            sip: "P0S3",
            familyEvidence: .archive,
            deviceType: deviceType,
            sharing: .notCapable(reason: "second generation", .techNote),
            timing: .modelled
        )
    }

    static func early(_ number: String, sccp: String, _ deviceType: DeviceType) -> Row {
        Row(
            name: "CP-" + number,
            generation: .early,
            sccp: sccp,
            familyEvidence: .configurationFile,
            deviceType: deviceType,
            sharing: .notCapable(
                reason: "not of the third generation",
                Evidence(.derived, "TechNote 200615 names third generation phones only")
            )
        )
    }

    /// A model whose capability no source states.
    static func undecided(
        _ number: String,
        _ generation: PhoneGeneration,
        sccp: String? = nil,
        sip: String? = nil,
        _ deviceType: DeviceType
    ) -> Row {
        let source =
            generation == .series9900
            ? "the guide lists the protocol CPPDP, but not the feature" : "no source says"
        return Row(
            name: "CP-" + number,
            generation: generation,
            sccp: sccp,
            sip: sip,
            deviceType: deviceType,
            sharing: .unknown(Evidence(.unknown, source))
        )
    }

    static func newer(
        _ number: String,
        _ generation: PhoneGeneration,
        _ family: String,
        _ deviceType: DeviceType
    ) -> Row {
        Row(
            name: "CP-" + number,
            generation: generation,
            sip: family,
            deviceType: deviceType,
            sharing: .capable(.newerGuides),
            sharingDefault: .alwaysOn
        )
    }

    static func otherMaker(_ name: String) -> Row {
        Row(
            name: name,
            generation: .otherMaker,
            familyEvidence: Evidence(.unknown, "firmware of another maker"),
            sharing: .notCapable(reason: "OEM phone", .techNote)
        )
    }
}

extension SharingCapability {
    fileprivate static let listedThirdGeneration = capable(.techNote)
    fileprivate static let fieldAddedLater = capable(
        Evidence(.attested, "TechNote 200615: third generation; CSCtb49726 added the field")
    )
    fileprivate static let guideOf7945 = capable(
        Evidence(.attested, "TechNote 200615: third generation; CPPDP in the 7945G-7975G guide")
    )
}

extension DeviceType {
    fileprivate static func alarmGuide(_ number: UInt32) -> DeviceType {
        DeviceType(number: number, conflicting: nil, evidence: .alarmGuide)
    }

    fileprivate static func configurationFile(_ number: UInt32) -> DeviceType {
        DeviceType(number: number, conflicting: nil, evidence: .configurationFile)
    }

    /// The alarm guide and the configuration files swap 308 and 309; the files are what phones
    /// read.
    fileprivate static func conflicting(_ number: UInt32, alarmGuide: UInt32) -> DeviceType {
        DeviceType(number: number, conflicting: alarmGuide, evidence: .configurationFile)
    }
}
