// Many phones at once, as administrators do it: CUCM's Bulk Administration Tool with its phone templates, and
// the AXL script `ccmppid` for CUCM before 5.0. Which versions have which way is attested (TechNote 200615);
// what each field does to phones that are there already is modelled.

/// Fields of the phone page that are specific to the product; nil leaves a field as it is.
public struct BulkFields: Hashable, Sendable {
    /// Peer Firmware Sharing; a nil inside clears it.
    public var sharing: LevelSetting??
    /// The Load Server; a nil inside clears it.
    public var loadServer: LoadServerSetting??

    /// None.
    public init() {}
}

/// A phone template of the Bulk Administration Tool: the page of a phone of one model.
public struct PhoneTemplate: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// The model of the phones that it is for.
    public let model: ModelID
    /// The protocol that they speak.
    public let deviceProtocol: DeviceProtocol
    /// Peer Firmware Sharing; nil: nothing is entered.
    public var sharing: LevelSetting?
    /// The Load Server; nil: nothing is entered.
    public var loadServer: LoadServerSetting?
    /// The Phone Load Name; nil: the device default counts.
    public var load: LoadID?

    /// A template that says nothing yet.
    public init(name: String, model: ModelID, _ deviceProtocol: DeviceProtocol) {
        self.name = name
        self.model = model
        self.deviceProtocol = deviceProtocol
    }
}

extension World {
    /// The most phone templates: own choice.
    public static let templateLimit = 1_000

    /// Makes a template, or puts another in its place.
    ///
    /// Throws when the load does not fit its model, or BAT of this CUCM has no such field.
    public func setTemplate(_ template: PhoneTemplate) throws(WorldError) {
        if template.sharing != nil { try requireBulkField() }
        try requirePlace(template.loadServer)
        if let load = template.load {
            let model = template.model.model
            guard model.fit(of: catalog[load].name, for: template.deviceProtocol) == .fits else {
                let family = model.family(for: template.deviceProtocol) ?? "no load"
                throw .misfits(
                    load: catalog[load].name.text,
                    ["\(model.name) with \(template.deviceProtocol) (takes \(family))"]
                )
            }
            try requireFiles(load)
        }
        if let index = phoneTemplates.firstIndex(where: { $0.name == template.name }) {
            phoneTemplates[index] = template
            return
        }
        guard phoneTemplates.count < Self.templateLimit else {
            throw .tooManyTemplates(limit: Self.templateLimit)
        }
        phoneTemplates.append(template)
    }

    /// Forgets a template; phones keep what it gave them.
    public func removeTemplate(named name: String) throws(WorldError) {
        let template = try template(named: name)
        phoneTemplates.removeAll { $0.name == template.name }
    }

    /// The template of a name.
    public func template(named name: String) throws(WorldError) -> PhoneTemplate {
        guard let found = phoneTemplates.first(where: { $0.name == name }) else {
            throw .unknown(.template, name, known: phoneTemplates.map(\.name))
        }
        return found
    }

    /// Inserts phones that are there already once more from a template, overriding what their pages
    /// say: BAT's Insert Phones.
    ///
    /// Throws, before anything is changed, when a phone is of another model or protocol.
    public func insert(_ phones: [PhoneNumber], from template: PhoneTemplate) throws(WorldError) {
        if template.sharing != nil { try requireBulkField() }
        let strangers = phones.filter {
            identity($0).model != template.model
                || identity($0).deviceProtocol != template.deviceProtocol
        }
        guard strangers.isEmpty else {
            throw .otherTemplate(template.name, strangers.map { identity($0).name })
        }
        try requirePlace(template.loadServer)
        var fields = BulkFields()
        fields.sharing = .some(template.sharing)
        fields.loadServer = .some(template.loadServer)
        for phone in phones {
            identities[Int(phone.index)].ownLoad = template.load
            write(fields, to: phone)
            refreshConfiguration(phone)
        }
    }

    /// Changes fields on the pages of phones: BAT's Update Phones.
    ///
    /// Each group of phones gets its load, or keeps the one it has, and all get the fields that are
    /// specific to the product.
    ///
    /// With bug CSCsh98792 the latter stay as they are, and nothing says so.
    public func bulkUpdate(
        _ groups: [(phones: [PhoneNumber], load: LoadID??)],
        _ fields: BulkFields
    ) throws(WorldError) {
        if fields.sharing != nil { try requireBulkField() }
        if case .some(.some(let setting)) = fields.loadServer { try requirePlace(setting) }
        for case (let phones, .some(.some(let load))) in groups {
            try requireFit(load, phones)
            try requireFiles(load)
        }
        for (phones, load) in groups {
            for phone in phones {
                if let load { identities[Int(phone.index)].ownLoad = load }
                if !bugs(of: phone)[.bulkUpdate] { write(fields, to: phone) }
                refreshConfiguration(phone)
            }
        }
    }

    /// Sets the field on the pages of phones as the AXL script `ccmppid` does.
    ///
    /// Throws where CUCM is none of the versions that the script is for.
    public func runAXLScript(
        _ value: SharingValue,
        on phones: [PhoneNumber]
    ) throws(WorldError) {
        guard CUCMVersion.ofAXLScript.contains(cucm) else { throw .noAXLScript(cucm) }
        setDeviceSetting(LevelSetting(value), on: phones)
    }

    private func requireBulkField() throws(WorldError) {
        guard cucm >= .firstWithBulkField else { throw .noBulkField(cucm) }
    }

    private func write(_ fields: BulkFields, to phone: PhoneNumber) {
        let index = Int(phone.index)
        if let sharing = fields.sharing { identities[index].deviceSetting = sharing }
        if let server = fields.loadServer { identities[index].loadServer = server }
    }
}
