// Situations in which a server does not give what phones ask for, or phones ask for something else.

extension FieldSituation {
    static let serverSituations: [FieldSituation] = [
        .problem(
            "load-server-lacks",
            "a phone's server lacks the load that others get",
            .logs,
            signs:
                "TFTP error 2 and stopped for reason 2, while other phones receive the same file",
            remedy:
                "copy the load to the Load Server, or leave the field blank: a phone is not sent "
                + "back to the TFTP server",
            Evidence(.attested, "CTS guide, Load Server; white paper c11-583891, table 1"),
            look: loadServerLacks
        ),
        .problem(
            "file-name-case",
            "a file is asked for with a capital letter",
            .logs,
            signs: "TFTP error 2 for a component such as Jar41sip…, whose name has a capital first",
            remedy: "give the server a copy under the name that the load lists: names have a case",
            Evidence(.attested, "sysop.ca; a public how-to for the 7941 with SIP 8.3(1)"),
            look: fileNameCase
        ),
        .problem(
            "factory-reset-loop",
            "a phone asks only for its factory load, again and again",
            .logs,
            signs: "RRQ for term….default.loads more than once by one phone, and for nothing else",
            remedy:
                "put the whole load on the server: term….default.loads and the files that it lists",
            Evidence(.attested, "tickett.wordpress.com: RRQ … filename term06.default.loads"),
            look: factoryLoop
        ),
        .problem(
            "server-full",
            "the server serves as many as it may",
            .logs,
            signs: "TFTP error 4, and phones that stop for reason 4",
            remedy:
                "share, stagger, or raise Maximum Serving Count; empty files on the server hold "
                + "connections until its service restarts",
            Evidence(.attested, "Cisco TechNote 222878"),
            look: serverFull
        ),
        .problem(
            "load-not-taken",
            "a phone page names another load than the device default",
            .world,
            signs: "the default was changed, the phone runs what its own page names",
            remedy:
                "blank the load on the phone's page, or name the new one there; restart the TFTP "
                + "service after new files; a load is named without `.loads`",
            Evidence(.attested, "Cisco community 10591321; Cisco TechNote 213288"),
            look: loadNotTaken
        ),
    ]

    @Sendable private static func loadServerLacks(_ known: FieldCase) -> [Sign] {
        known.upgrades.flatMap { upgrade -> [Sign] in
            guard let stopped = signOf(upgrade, .stopped),
                upgrade.line(.stopped)?.value(.code) == "2",
                let missing = upgrade.files.last?.file
            else { return [] }
            if let phone = known.phone(upgrade.phone),
                let server = known.world?.readLoadServer(phone)
            {
                return [stopped, Sign(upgrade.phone.name, "Load Server \(server)")]
                    + [known.alarm(of: upgrade)].compactMap { $0 }
            }
            let lucky = known.upgrades.lazy.compactMap { other -> Sign? in
                guard other.phone.name != upgrade.phone.name,
                    let file = other.files.first(where: { $0.file == missing }),
                    let line = file.first(.fileReceived)
                else { return nil }
                return Sign(other.phone.name, line)
            }.first
            return lucky.map { [stopped, $0] } ?? []
        }
    }

    @Sendable private static func fileNameCase(_ known: FieldCase) -> [Sign] {
        known.story.phones.flatMap { phone in
            phone.files.compactMap { file -> Sign? in
                guard let failed = file.first(.fetchFailed), failed.value(.code) == "2",
                    let name = failed.value(.file), name.hasSuffix(".sbn"),
                    let first = name.utf8.first, (65...90).contains(first)
                else { return nil }
                return Sign(phone.name, failed)
            }
        }
    }

    private static func isFactoryLoad(_ name: String) -> Bool {
        name.hasPrefix("term") && name.hasSuffix(".default.loads")
    }

    @Sendable private static func factoryLoop(_ known: FieldCase) -> [Sign] {
        let asked = known.story.requests.filter { request in
            isFactoryLoad(request.file) && request.moment.count > 1
                && !known.story.requests.contains {
                    $0.address == request.address && !isFactoryLoad($0.file)
                }
        }
        var signs = asked.map { request in
            Sign(
                request.address.description,
                "asked \(request.moment.count) times: \(request.moment.line.text)",
                at: request.moment.last.microseconds
            )
        }
        for phone in known.story.phones {
            let tries = phone.files.filter { $0.file.map(isFactoryLoad) ?? false }
            guard phone.files.allSatisfy({ $0.file.map(isFactoryLoad) ?? true }),
                tries.reduce(0, { $0 + $1.count(.fetchAlone) }) > 1,
                let last = tries.last?.moments[.fetchAlone]?.last
            else { continue }
            signs.append(Sign(phone.name, last))
        }
        return signs
    }

    @Sendable private static func serverFull(_ known: FieldCase) -> [Sign] {
        known.upgrades.flatMap { upgrade -> [Sign] in
            guard let stopped = upgrade.line(.stopped), stopped.value(.code) == "4" else {
                return []
            }
            return [Sign(upgrade.phone.name, stopped)]
                + [known.alarm(of: upgrade)].compactMap { $0 }
        }
    }

    @Sendable private static func loadNotTaken(_ known: FieldCase) -> [Sign] {
        guard let world = known.world else { return [] }
        return world.phones.compactMap { phone in
            let identity = world.identity(phone)
            let standard = world.deviceDefaults.first {
                $0.model == identity.model && $0.deviceProtocol == identity.deviceProtocol
            }
            guard let own = identity.ownLoad, let standard, own != standard.load,
                world.runningLoad(phone) == own
            else { return nil }
            return Sign(
                identity.name,
                "phone page: \(world.catalog[own].name); device default: "
                    + "\(world.catalog[standard.load].name)"
            )
        }
    }
}
