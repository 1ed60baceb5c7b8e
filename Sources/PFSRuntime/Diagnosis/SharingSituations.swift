// Situations in which phones could share and do not, or share less than somebody expects.

extension FieldSituation {
    static let sharingSituations: [FieldSituation] = [
        .problem(
            "lone-sharer",
            "sharing is on for one phone of several",
            .logs,
            signs: "one phone listens on port 4051, the others of its load print TFTP RRQ at once",
            remedy: "set Peer Firmware Sharing on every phone, best in the Common Phone Profile or "
                + "for the enterprise; only phones that have it share",
            Evidence(.attested, "Cisco community m-p/1013596; white paper c11-583891, table 1"),
            look: loneSharer
        ),
        .problem(
            "one-at-a-time",
            "phones are reset one after the other, so nobody shares",
            .logs,
            signs:
                "each phone is root of the same file in its turn, nobody joins, no two at one time",
            remedy: "reset the phones of a subnet in bulk: only phones that ask for a file at the "
                + "same time share it",
            Evidence(.attested, "MPP administration guides, Enable Peer Firmware Sharing"),
            look: oneAtATime
        ),
        .note(
            "several-subnets",
            "phones of one load are in several subnets",
            .logs,
            signs:
                "@@@HROOT of the same file and model from addresses of different subnets at one time",
            cost: "each subnet fetches its own copy of each file: a hierarchy ends at its subnet",
            .techNote,
            look: severalSubnets
        ),
        .note(
            "mixed-models",
            "several models are in one subnet",
            .logs,
            signs: "m= differs between @@@HROOT lines of one subnet, or loads of several families",
            cost: "each model fetches its own copy of each file; 7940 and 7960 never share",
            .techNote,
            look: mixedModels
        ),
        .problem(
            "second-phone-to-server",
            "a phone fetches from the server beside a hierarchy",
            .logs,
            signs:
                "a second @@@HROOT of the file without a child, or TFTP RRQ behind the lines of an "
                + "election, while another root has children",
            remedy:
                "see that broadcasts reach this phone (its switch port, storm control, VLAN); if "
                + "they do, CSCus67416 describes it: update the phone's firmware",
            Evidence(
                .attested,
                "headline of CSCus67416 in TechNote 200615; the mechanism is modelled"
            ),
            look: secondToServer
        ).by(.secondPhoneToServer),
        .problem(
            "always-off-7931",
            "7931 phones never share",
            .logs,
            signs: "phones that take SCCP31 loads print TFTP RRQ and never listen on port 4051",
            remedy: "CSCud66570: no setting helps; give these phones a Load Server at their site",
            KnownBug.alwaysDisabled.evidence,
            look: alwaysOff
        ).by(.alwaysDisabled),
        .problem(
            "field-missing",
            "CUCM has no field of peer firmware sharing for a model",
            .world,
            signs:
                "the field is set at some level, and CUCM's version or device pack lacks it for the "
                + "phone's model",
            remedy:
                "install a device pack that has the field, or a CUCM that does: until then each such "
                + "phone fetches its own copy",
            Evidence(
                .attested,
                "headlines of CSCso40251, CSCtb49726 and CSCsh20977 in TechNote 200615"
            ),
            look: fieldMissing
        ).by(.fieldMissingOn7965And7975, .fieldMissingOn7942And7962, .fieldNotAdded),
        .note(
            "sharing-off-for-migration",
            "sharing is off and a Load Server set on phones of the 7800 or 8800 series",
            .world,
            signs: "both fields on the phone pages, as scripts for a migration set them",
            cost: "each phone fetches its own copy from that server, as the migration wants it",
            Evidence(.attested, "a public AXL script that prepares phones for MPP firmware"),
            look: offForMigration
        ),
    ]

    @Sendable private static func loneSharer(_ known: FieldCase) -> [Sign] {
        known.groups(byKind: false).flatMap { group -> [Sign] in
            let sharing = group.filter(\.shares)
            let names = Set(sharing.map(\.phone.name))
            let others = group.filter { !names.contains($0.phone.name) && $0.first.role == .alone }
            guard names.count == 1, let one = sharing.first, !others.isEmpty else { return [] }
            let listens = one.line(.listeningTCP) ?? one.first.begin
            return (listens.map { [Sign(one.phone.name, $0)] } ?? [])
                + others.compactMap { signOf($0, .fetchAlone) }
        }
    }

    @Sendable private static func oneAtATime(_ known: FieldCase) -> [Sign] {
        known.groups().flatMap { group -> [Sign] in
            let roots = group.filter { $0.first.role == .root && !$0.has(.acceptedChild) }
                .sorted { $0.begin < $1.begin }
            let phones = Set(roots.map(\.phone.name))
            guard phones.count > 1, roots.count == group.count,
                zip(roots, roots.dropFirst()).allSatisfy({ !$0.overlaps($1) })
            else { return [] }
            return roots.compactMap { signOf($0, .becameRoot) }
        }
    }

    @Sendable private static func severalSubnets(_ known: FieldCase) -> [Sign] {
        var byLoad: [(key: String, roots: [LoggedUpgrade])] = []
        for upgrade in known.upgrades where upgrade.first.role == .root && upgrade.place != nil {
            let key = "\(upgrade.load) \(upgrade.kind)"
            if let index = byLoad.firstIndex(where: { $0.key == key }) {
                byLoad[index].roots.append(upgrade)
            } else {
                byLoad.append((key, [upgrade]))
            }
        }
        return byLoad.flatMap { _, roots -> [Sign] in
            let apart = roots.filter { one in
                roots.contains { $0.place != one.place && $0.overlaps(one) }
            }
            return apart.compactMap { signOf($0, .becameRoot) }
        }
    }

    @Sendable private static func mixedModels(_ known: FieldCase) -> [Sign] {
        var byPlace: [Int: [LoggedUpgrade]] = [:]
        for upgrade in known.upgrades { byPlace[upgrade.place ?? -1, default: []].append(upgrade) }
        return byPlace.keys.sorted().flatMap { place -> [Sign] in
            var kinds: [String: LoggedUpgrade] = [:]
            for upgrade in byPlace[place] ?? [] {
                // A phone that fetches alone does not say its model: it counts where its load is another's.
                if upgrade.phone.model == nil,
                    byPlace[place]?.contains(where: {
                        $0.family == upgrade.family && $0.phone.model != nil
                    }) == true
                {
                    continue
                }
                if kinds[upgrade.kind] == nil || upgrade.first.role == .root {
                    kinds[upgrade.kind] = upgrade
                }
            }
            guard kinds.count > 1 else { return [] }
            return kinds.keys.sorted().compactMap { kinds[$0].flatMap { signOfDecision($0) } }
        }
    }

    @Sendable private static func secondToServer(_ known: FieldCase) -> [Sign] {
        known.groups().flatMap { group -> [Sign] in
            var signs: [Sign] = []
            for upgrade in group where upgrade.shares {
                for file in upgrade.files {
                    guard isBesideHierarchies(file), let name = file.file,
                        let line = file.decision,
                        let other = hierarchy(of: name, besides: upgrade, in: group, at: line)
                    else { continue }
                    signs += [Sign(upgrade.phone.name, line), other]
                    break
                }
            }
            return signs
        }
    }

    /// Whether a phone was root without a child, or elected and then asked the server by itself.
    private static func isBesideHierarchies(_ file: FileStory) -> Bool {
        switch file.role {
        case .root: !file.has(.acceptedChild)
        case .alone: file.has(.treeState) || file.has(.claimed)
        default: false
        }
    }

    /// The root of a hierarchy that was there when another phone became root of the same file.
    private static func hierarchy(
        of file: String,
        besides upgrade: LoggedUpgrade,
        in group: [LoggedUpgrade],
        at line: LoggedLine
    ) -> Sign? {
        for other in group where other.phone.name != upgrade.phone.name && other.overlaps(upgrade) {
            guard let story = other.files.first(where: { $0.file == file }), story.role == .root,
                story.has(.acceptedChild), let root = story.decision
            else { continue }
            return Sign(other.phone.name, root)
        }
        return nil
    }

    @Sendable private static func alwaysOff(_ known: FieldCase) -> [Sign] {
        known.upgrades.filter { upgrade in
            (upgrade.family == "SCCP31" || upgrade.family == "SIP31" || upgrade.family == "term31")
                && !upgrade.shares
        }.compactMap { signOf($0, .fetchAlone) }
    }

    @Sendable private static func fieldMissing(_ known: FieldCase) -> [Sign] {
        guard let world = known.world else { return [] }
        return world.phones.compactMap { phone in
            let decision = world.sharingDecision(phone)
            guard decision.settledBy == .field,
                decision.levels.contains(where: { $0.standing == .noField })
            else { return nil }
            let model = world.identity(phone).model.model.name
            return Sign(
                world.name(of: phone),
                "\(model): no field in CUCM \(world.cucm), \(decision.field.reason)"
            )
        }
    }

    @Sendable private static func offForMigration(_ known: FieldCase) -> [Sign] {
        guard let world = known.world else { return [] }
        return world.phones.compactMap { phone in
            let identity = world.identity(phone)
            guard !identity.model.model.is79xx, identity.deviceSetting?.value == .off,
                identity.deviceSetting?.isTicked == true,
                let server = world.loadServer(of: phone).value
            else { return nil }
            return Sign(
                identity.name,
                "phone page: Peer Firmware Sharing Disabled, Load Server \(server)"
            )
        }
    }

    /// A line of an upgrade as a sign.
    static func signOf(_ upgrade: LoggedUpgrade, _ event: LoggedEvent) -> Sign? {
        upgrade.line(event).map { Sign(upgrade.phone.name, $0) }
    }

    /// The line that decided how the first file came.
    static func signOfDecision(_ upgrade: LoggedUpgrade) -> Sign? {
        upgrade.first.decision.map { Sign(upgrade.phone.name, $0) }
    }
}
