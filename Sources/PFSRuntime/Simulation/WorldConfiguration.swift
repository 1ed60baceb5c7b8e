// What an administrator sets in CUCM: the field of peer firmware sharing at its three levels, the
// loads, the version. Settings change what a phone's configuration says; the phone acts on it when it
// reads it.

internal import BasicContainers

extension World {
    /// Sets the CUCM version, on which the defaults of the field depend.
    public func setCUCM(_ version: CUCMVersion) {
        cucm = version
        refreshConfigurations()
    }

    /// Sets the seed; refused once time has moved, because chance has been spent.
    public func setSeed(_ value: UInt64) throws(WorldError) {
        guard !hasStarted else { throw .timeHasMoved("the seed") }
        seed = value
        kernel.network.seed = value
        redrawPhones()
    }

    /// Draws anew what phones got from the seed and the model when they were made.
    func redrawPhones() {
        for index in identities.indices where !identities[index].isRemoved {
            let subnet = Int(kernel.phones[index].subnet)
            let model = hierarchyModel(of: identities[index].model)
            let group = self.group(subnet: subnet, model: model)
            kernel.redraw(PhoneNumber(index), seed: seed, group: group)
        }
    }

    /// Sets the field on the pages of phones; nil removes it.
    public func setDeviceSetting(_ setting: LevelSetting?, on phones: [PhoneNumber]) {
        for phone in phones {
            identities[Int(phone.index)].deviceSetting = setting
            refreshConfiguration(phone)
        }
    }

    /// Sets the field of a common phone profile; nil removes it.
    public func setProfileSetting(_ setting: LevelSetting?, on profile: Int) {
        profiles[profile].setting = setting
        refreshConfigurations()
    }

    /// Sets the field in the Enterprise Phone Configuration; nil removes it.
    public func setEnterpriseSetting(_ setting: LevelSetting?) {
        enterpriseSetting = setting
        refreshConfigurations()
    }

    /// Sets the load that phones of a model and protocol run by default.
    public func setDefault(
        _ load: LoadID,
        for model: ModelID,
        _ deviceProtocol: DeviceProtocol
    ) throws(WorldError) {
        guard model.model.fit(of: catalog[load].name, for: deviceProtocol) == .fits else {
            let family = model.model.family(for: deviceProtocol) ?? "no load"
            throw .misfits(
                load: catalog[load].name.text,
                ["\(model.model.name) with \(deviceProtocol) (takes \(family))"]
            )
        }
        try requireFiles(load)
        let found = deviceDefaults.firstIndex {
            $0.model == model && $0.deviceProtocol == deviceProtocol
        }
        if let found {
            deviceDefaults[found].load = load
        } else {
            let row = DeviceDefault(model: model, deviceProtocol: deviceProtocol, load: load)
            deviceDefaults.append(row)
        }
        refreshConfigurations()
    }

    /// Sets phones' own Phone Load Name; nil: the device default counts.
    public func setLoad(_ load: LoadID?, on phones: [PhoneNumber]) throws(WorldError) {
        if let load {
            try requireFit(load, phones)
            try requireFiles(load)
        }
        for phone in phones {
            identities[Int(phone.index)].ownLoad = load
            refreshConfiguration(phone)
        }
    }

    /// Sets phones' own loads to the release that a device pack has for each one's family.
    ///
    /// Answers the loads chosen, each once.
    public func setLoads(
        ofVersion version: FirmwareVersion,
        on phones: [PhoneNumber]
    ) throws(WorldError) -> [LoadID] {
        var chosen: [(phone: PhoneNumber, load: LoadID)] = []
        var distinct: [LoadID] = []
        for phone in phones {
            let load = try resolve(version, for: phone)
            chosen.append((phone, load))
            if !distinct.contains(load) { distinct.append(load) }
        }
        for load in distinct { try requireFiles(load) }
        for (phone, load) in chosen {
            identities[Int(phone.index)].ownLoad = load
            refreshConfiguration(phone)
        }
        return distinct
    }

    private func resolve(
        _ version: FirmwareVersion,
        for phone: PhoneNumber
    ) throws(WorldError) -> LoadID {
        let identity = identity(phone)
        guard let family = identity.model.model.family(for: identity.deviceProtocol) else {
            throw .noLoadKnown(model: identity.model.model.name)
        }
        do {
            return try catalog.resolve(version, family: family)
        } catch {
            throw .catalog(error)
        }
    }

    /// Adds a load with made-up files to the catalogue.
    public func defineLoad(
        _ name: String,
        version: FirmwareVersion?,
        files: [(name: String, sizeBytes: Int)]
    ) throws(WorldError) -> LoadID {
        do {
            return try catalog.define(name, version: version, files: files)
        } catch {
            throw .catalog(error)
        }
    }

    /// Pins a value of a phone in place of a drawn one; `file` is counted from 0, nil for every file.
    ///
    /// Of two pins that speak of a file the later one counts.
    public func pin(
        _ phone: PhoneNumber,
        file: Int?,
        _ field: PeerPin.Field,
        _ value: UInt32
    ) throws(WorldError) {
        if let file {
            guard (0..<UpgradeJob.fileLimit).contains(file) else {
                throw .noSuchFile(number: file + 1, count: UpgradeJob.fileLimit)
            }
        }
        let address = kernel.phones[Int(phone.index)].address
        pins.removeAll { $0.address == address && $0.file == file && $0.field == field }
        pins.append(PeerPin(address: address, file: file, field: field, value: value))
        kernel.context.pins = pins
    }

    // MARK: Checks

    func requireFit(_ load: LoadID, _ phones: [PhoneNumber]) throws(WorldError) {
        var misfits: [String] = []
        for phone in phones {
            let identity = identity(phone)
            let model = identity.model.model
            let fit = model.fit(of: catalog[load].name, for: identity.deviceProtocol)
            guard fit != .fits else { continue }
            let family = model.family(for: identity.deviceProtocol) ?? "no known load"
            misfits.append("\(identity.name) (\(model.name) takes \(family))")
        }
        guard misfits.count > 3 else {
            if misfits.isEmpty { return }
            throw .misfits(load: catalog[load].name.text, misfits)
        }
        let shown = misfits.prefix(3) + ["and \(misfits.count - 3) more"]
        throw .misfits(load: catalog[load].name.text, Array(shown))
    }

    func requireFiles(_ load: LoadID) throws(WorldError) {
        let files = catalog[load].files
        guard !files.isEmpty else { throw .loadWithoutFiles(catalog[load].name.text) }
        guard files.count <= UpgradeJob.fileLimit else {
            throw .tooManyFiles(
                load: catalog[load].name.text,
                count: files.count,
                limit: UpgradeJob.fileLimit
            )
        }
    }

    // MARK: What a phone's configuration says

    /// Makes a load known to the kernel.
    func registerLoad(_ load: LoadID) {
        while kernel.loads.count <= Int(load.rawValue) {
            kernel.loads.append(LoadRecord(files: []))
        }
        // A load that no phone takes needs no numbers for its files, and there are 2¹⁶ at most.
        guard kernel.loads[Int(load.rawValue)].files.isEmpty,
            catalog[load].files.count <= UpgradeJob.fileLimit
        else { return }
        kernel.loads[Int(load.rawValue)].files = catalog[load].files.map { file in
            if let known = filesByName[file.name] { return known }
            let number = FileNumber(kernel.files.count)
            kernel.files.append(FileRecord(name: file.name, bytes: Int64(file.sizeBytes)))
            filesByName[file.name] = number
            return number
        }
    }

    /// The load that a phone's configuration names.
    public func configuredLoad(_ phone: PhoneNumber) -> LoadID {
        let identity = identity(phone)
        if let own = identity.ownLoad { return own }
        let row = deviceDefaults.first {
            $0.model == identity.model && $0.deviceProtocol == identity.deviceProtocol
        }
        return row?.load ?? runningLoadOrContents(phone)
    }

    /// Whether a phone takes part in peer firmware sharing by its present configuration, and why.
    public func sharingDecision(_ phone: PhoneNumber) -> SharingDecision {
        let identity = identity(phone)
        return sharingDecision(
            phone,
            SharingSettings(
                enterprise: enterpriseSetting,
                commonPhoneProfile: identity.profile.flatMap { profiles[$0].setting },
                device: identity.deviceSetting
            ),
            switchedBugs(of: phone)
        )
    }

    private func sharingDecision(
        _ phone: PhoneNumber,
        _ settings: SharingSettings,
        _ bugs: BugSet
    ) -> SharingDecision {
        let identity = identity(phone)
        let running = runningLoadOrContents(phone)
        return SharingDecision(
            SharingQuestion(
                model: identity.model,
                deviceProtocol: identity.deviceProtocol,
                runningVersion: catalog[running].version,
                cucm: cucm,
                settings: settings,
                bugs: bugs,
                devicePack: devicePack(of: identity.model)
            )
        )
    }

    /// Whether a phone would take part if nothing were set on its own page, no bug switched for it
    /// alone and, unless `withCommonSettings`, nothing set anywhere: what it reads when it is made
    /// anew.
    public func sharingDecisionWhenMade(
        _ phone: PhoneNumber,
        withCommonSettings: Bool
    ) -> Bool {
        var settings = SharingSettings()
        if withCommonSettings {
            settings.enterprise = enterpriseSetting
            settings.commonPhoneProfile = identity(phone).profile.flatMap { profiles[$0].setting }
        }
        return sharingDecision(phone, settings, bugSwitches.common).takesPart
    }

    func refreshConfigurations() {
        for index in identities.indices where !identities[index].isRemoved {
            refreshConfiguration(PhoneNumber(index))
        }
    }

    /// Works out again what a phone's configuration says; the phone itself has not read it yet.
    func refreshConfiguration(_ phone: PhoneNumber) {
        let load = configuredLoad(phone)
        registerLoad(load)
        kernel.phones[Int(phone.index)].configuredLoad = load.rawValue
        kernel.phones[Int(phone.index)].configuredSharing = sharingDecision(phone).takesPart
        let lacksStep = missingStep(of: phone) != nil
        if lacksStep || !kernel.unknownSignatures.isEmpty {
            kernel.unknownSignatures[phone.index] = lacksStep ? true : nil
        }
        let address = loadServer(of: phone).value
        kernel.phones[Int(phone.index)].configuredLoadServer =
            address.map { kernel.network.loadServerPlace($0) } ?? ServerNetwork.noLoadServer
        kernel.setBugs(bugs(of: phone), of: phone)
        let log = logServer(of: phone).value
        kernel.phones[Int(phone.index)].configuredLogServer =
            log.map { kernel.network.logServerPlace($0) } ?? ServerNetwork.noLogServer
    }
}

extension Kernel {
    /// Draws anew what a phone got from the seed when it was made, and puts it into a group.
    mutating func redraw(_ phone: PhoneNumber, seed: UInt64, group number: UInt32) {
        let index = Int(phone.index)
        leaveGroup(phone)
        phones[index].group = number
        var delays = RandomStream(seed: seed, purpose: .lanDelay, index: UInt64(phone.index))
        let jitter = delays.interval(below: parameters.lanJitter)
        phones[index].delayNanoseconds = UInt32((parameters.lanDelay + jitter).nanoseconds)
        peers[index] = Peer(address: phones[index].address, seed: seed, number: phone)
        let receiver = Receiver(
            phone: phone.index,
            delayNanoseconds: phones[index].delayNanoseconds
        )
        let group = Int(phones[index].group)
        let place = groups[group].receivers.insert(receiver)
        fanouts.receiverInserted(at: place, group: UInt32(group))
        renewHeeds(of: group)
    }
}
