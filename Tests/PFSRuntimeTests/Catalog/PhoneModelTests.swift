// The catalogue of models: spellings, families, device types, defaults under a CUCM version.

import PFSRuntime
import Testing

struct PhoneModelTests {
    @Test("all models of the public lists are there, each once, with names that find them")
    func everyModelIsFoundByItsNames() throws {
        #expect(PhoneModel.all.count == 50)
        for (index, model) in PhoneModel.all.enumerated() {
            #expect(Int(model.id.rawValue) == index)
            #expect(model.id.model.name == model.name)
            for text in [model.name, model.name.lowercased(), model.shortName] {
                #expect(try PhoneModel.named(text).name == model.name, "\(text)")
            }
        }
        #expect(ModelID(rawValue: UInt8(PhoneModel.all.count)) == nil)
    }

    @Test("every model but the OEM one has a family, and every row says where it was read")
    func everyModelHasFamilyAndEvidence() {
        for model in PhoneModel.all {
            let hasFamily = model.sccpFamily != nil || model.sipFamily != nil
            #expect(hasFamily == (model.generation != .otherMaker), "\(model.name)")
            #expect(hasFamily == (model.family(for: model.standardProtocol) != nil))
            #expect(!model.familyEvidence.source.isEmpty)
            #expect(!model.sharing.evidence.source.isEmpty)
            #expect((model.deviceType == nil) == (model.generation == .otherMaker))
        }
    }

    @Test(
        "short spellings mean the model without Gigabit Ethernet where both exist",
        arguments: [
            ("7961", "CP-7961G"), ("7961g", "CP-7961G"), ("CP7961G", "CP-7961G"),
            ("cp-7961g-ge", "CP-7961G-GE"), ("7961G-GE", "CP-7961G-GE"),
            ("7961-GE", "CP-7961G-GE"), ("7941", "CP-7941G"), ("7971", "CP-7971G-GE"),
            ("7971G", "CP-7971G-GE"), ("7920", "CP-7920"), ("8845", "CP-8845"),
            ("tandberg", "Tandberg"), ("7931G", "CP-7931G"),
        ]
    )
    func spellings(_ text: String, _ name: String) throws {
        #expect(try PhoneModel.named(text).name == name)
    }

    @Test("an unknown model is an error that knows all spellings")
    func unknownModel() {
        let error = #expect(throws: UnknownModelError.self) { try PhoneModel.named("CP-7916G") }
        #expect(error?.text == "CP-7916G")
        #expect(error?.known.contains("CP-7961G") == true)
        #expect(error?.known.contains("7961G") == true)
        for text in ["", "G", "GE", "CP-", "tandber", "banana", "796", "7961G-GE-GE"] {
            #expect(throws: UnknownModelError.self, "\(text)") { try PhoneModel.named(text) }
        }
    }

    @Test("third generation models can share, the second generation and OEM phones cannot")
    func capabilities() throws {
        let third = PhoneModel.all.filter { $0.generation == .third }
        #expect(third.count == 14)
        #expect(third.allSatisfy { $0.sharing.isCapable && $0.sharing.evidence.mark == .attested })
        #expect(third.allSatisfy { $0.timing == .modelled && $0.factoryLoad != nil })
        for text in ["7940G", "7960G", "Tandberg", "7920", "7937G", "9971", "8945", "6921"] {
            #expect(try !PhoneModel.named(text).sharing.isCapable, "\(text)")
        }
        let unknown = try PhoneModel.named("9971")
        #expect(unknown.sharing.evidence.mark == .unknown)
        for text in ["7821", "8865", "8832"] {
            let model = try PhoneModel.named(text)
            #expect(model.sharing.isCapable)
            #expect(model.timing.description == "listed, timing not modelled")
        }
    }

    @Test("the device types of the Gigabit models keep both numbers that sources print")
    func conflictingDeviceTypes() throws {
        let slow = try PhoneModel.named("7941G-GE").deviceType
        let fast = try PhoneModel.named("7961G-GE").deviceType
        #expect(slow?.number == 309 && slow?.conflicting == 308)
        #expect(fast?.number == 308 && fast?.conflicting == 309)
        #expect(try PhoneModel.named("7961").deviceType?.number == 30018)
        let numbers = PhoneModel.all.compactMap { $0.deviceType?.number }
        #expect(Set(numbers).count == numbers.count)
    }

    @Test(
        "the 79xx default is off below CUCM 12.5 and on from 12.5, the newer series' always on",
        arguments: [
            ("6.0", SharingValue.off, Mark.attested), ("6.0(1)", .off, .attested),
            ("7.1", .off, .modelled), ("10.5(2)", .off, .modelled), ("12.0", .off, .modelled),
            ("12.5", .on, .attested), ("12.5(1)", .on, .attested), ("14", .on, .modelled),
        ]
    )
    func defaults(_ text: String, _ value: SharingValue, _ mark: Mark) throws {
        let cucm = try #require(CUCMVersion(text))
        let standard = try PhoneModel.named("7961").sharingDefault.value(under: cucm)
        #expect(standard.value == value)
        #expect(standard.evidence.mark == mark)
        let newer = try PhoneModel.named("8841").sharingDefault.value(under: cucm)
        #expect(newer.value == .on)
        #expect(newer.evidence.mark == .attested)
        let second = try PhoneModel.named("7960").sharingDefault.value(under: cucm)
        #expect(second.value == .off)
        #expect(second.evidence.mark == .unknown)
    }

    @Test("a load fits by family and protocol, and the factory load always")
    func fit() throws {
        let model = try PhoneModel.named("7961")
        #expect(model.fit(of: try LoadName("SCCP41.9-4-2SR1-1S"), for: .sccp) == .fits)
        #expect(model.fit(of: try LoadName("term61.default"), for: .sip) == .fits)
        #expect(model.fit(of: try LoadName("term41.default"), for: .sip) == .wrongFamily)
        #expect(model.fit(of: try LoadName("SIP41.8-5-4S"), for: .sccp) == .wrongProtocol)
        #expect(model.fit(of: try LoadName("SCCP42.9-4-2SR1-1S"), for: .sccp) == .wrongFamily)
        #expect(model.fit(of: try LoadName("P0030801SR02"), for: .sccp) == .wrongFamily)
        let second = try PhoneModel.named("7960")
        #expect(second.fit(of: try LoadName("P0030801SR02"), for: .sccp) == .fits)
    }
}
