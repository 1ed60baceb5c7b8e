// A factory reset: the phone loses its firmware and its configuration, asks for the load of its model
// that has a fixed name (attested: `term61.default.loads`, the list of a whole load), takes it from the
// server by itself, and only then reads its configuration. That the loader knows no peers is modelled.

internal import BasicContainers

/// What a phone that was reset to factory settings fetches first, as indexes into the kernel's loads.
struct FactoryReset: BitwiseCopyable, Sendable {
    /// The load of the fixed name.
    let load: UInt16
    /// The load that has the same components: the one that it then runs.
    let contents: UInt16
}

extension World {
    /// Resets phones to factory settings, each at once; a call ends by it.
    ///
    /// Where the catalogue has no load of the fixed name yet, the server gets one that lists the
    /// components of the device default, or else of the load that the phone runs. Throws, before
    /// anything is changed, `noFactoryLoad` for a model whose fixed name is not known, and what
    /// making that load does.
    public func factoryReset(_ phones: [PhoneNumber]) throws(WorldError) {
        for phone in phones where identity(phone).model.model.factoryLoad == nil {
            throw .noFactoryLoad(model: identity(phone).model.model.name)
        }
        for phone in phones where !knowsFactoryLoad(of: phone) {
            let contents = factoryContents(of: phone)
            guard !catalog[contents].files.isEmpty else {
                throw .loadWithoutFiles(catalog[contents].name.text)
            }
        }
        var resets: [FactoryReset] = []
        for phone in phones { resets.append(try factoryLoad(of: phone)) }
        for (phone, reset) in zip(phones, resets) {
            let index = Int(phone.index)
            kernel.dropUpgrade(of: phone)
            kernel.deadSince[phone.index] = nil
            kernel.factoryResets[phone.index] = reset
            kernel.phones[index].runningLoad = catalog.unknownLoad.rawValue
            kernel.faults.keptFlash[phone.index] = nil
            if kernel.watch.isOn {
                kernel.watch.phones[index].running = catalog.unknownLoad.rawValue
            }
            registerLoad(catalog.unknownLoad)
            registerLoad(LoadID(rawValue: reset.load))
            registerLoad(LoadID(rawValue: reset.contents))
            refreshConfiguration(phone)
            restart(.factoryReset, [phone])
        }
    }

    private func knowsFactoryLoad(of phone: PhoneNumber) -> Bool {
        let name = identity(phone).model.model.factoryLoad
        return name.flatMap { catalog.id(of: $0) } != nil
    }

    /// The device default, or else what the phone runs.
    private func factoryContents(of phone: PhoneNumber) -> LoadID {
        let identity = identity(phone)
        let row = deviceDefaults.first {
            $0.model == identity.model && $0.deviceProtocol == identity.deviceProtocol
        }
        return row?.load ?? runningLoadOrContents(phone)
    }

    private func factoryLoad(of phone: PhoneNumber) throws(WorldError) -> FactoryReset {
        let identity = identity(phone)
        guard let name = identity.model.model.factoryLoad else {
            throw .noFactoryLoad(model: identity.model.model.name)
        }
        let contents = factoryContents(of: phone)
        if let known = catalog.id(of: name) {
            return FactoryReset(load: known.rawValue, contents: contents.rawValue)
        }
        let listed = catalog[contents].files
        guard let manifest = listed.first else {
            throw .loadWithoutFiles(catalog[contents].name.text)
        }
        let files =
            [(name: name.fileName, sizeBytes: manifest.sizeBytes)]
            + listed.dropFirst().map { (name: $0.name, sizeBytes: $0.sizeBytes) }
        let load = try defineLoad(name.text, version: nil, files: files)
        return FactoryReset(load: load.rawValue, contents: contents.rawValue)
    }

    /// The load that a phone runs, or will run when its factory reset is over.
    public func runningLoadOrContents(_ phone: PhoneNumber) -> LoadID {
        LoadID(
            rawValue: kernel.factoryResets[phone.index]?.contents
                ?? kernel.phones[Int(phone.index)].runningLoad
        )
    }
}

extension Kernel {
    /// The phone runs the load of the fixed name: it boots again and reads its configuration.
    ///
    /// Nil for a phone that was not reset to factory settings; else the load that it runs.
    mutating func endFactoryReset(of phone: PhoneNumber) -> UInt16? {
        guard let reset = factoryResets.removeValue(forKey: phone.index) else { return nil }
        return reset.contents
    }
}
