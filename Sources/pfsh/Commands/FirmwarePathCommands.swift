// The way from one firmware to another, and a single file sent as firmware is.

import Interpreter
import NetIO
import PFSRuntime

extension FirmwareCommands {
    static let path = Command<ShellHost>(
        "firmware path",
        group: group,
        summary: "Show the loads by way of which a phone comes to another one.",
        discussion:
            "SCCP firmware below 8.3(3) takes 9.x only by way of 8.3(3) to 8.5(2); phones that are "
            + "sent on at once fail with Auth Fail, of which `push` warns.",
        .argument("phone", kind: .object(PhoneVocabulary.phone), help: "which phone"),
        .keyword("to", help: "a load, or a version that stands for the family's load"),
        examples: [
            Example("firmware path P1 to 9.4(2)SR1", setup: WorldCommands.setup),
            Example(
                "firmware path OLD to 9.4(2)SR1",
                setup: ["subnet lab 10.9.0.0/24", "phone OLD model CP-7961G runs SCCP41.8-3-1S"]
            ),
        ]
    ) { (host: inout ShellHost, phone: ObjectReference, load: LoadArgument) throws(Diagnostic) in
        let world = host.world
        let number = PhoneNumber(phone.id)
        let identity = world.identity(number)
        let wanted = try load.load(for: identity.model, identity.deviceProtocol, in: host)
        let fit = identity.model.model.fit(
            of: world.catalog[wanted].name,
            for: identity.deviceProtocol
        )
        guard fit == .fits else {
            throw Diagnostic(
                "\(world.catalog[wanted].name) does not fit \(phone.name)",
                at: load.range
            )
        }
        let running = world.runningLoadOrContents(number)
        guard let steps = world.catalog.steps(to: wanted, from: running) else {
            throw Diagnostic(
                "\(phone.name) needs a load of 8.3(3) to 8.5(2) on the way, and none is known",
                at: load.range,
                hints: ["`firmware define` or `firmware load` makes one known"]
            )
        }
        var table = Table(columns: pathColumns)
        for (index, step) in ([running] + steps).enumerated() {
            let isBetween = index > 0 && index < steps.count
            let evidence = UpgradeStep.signingKey.evidence
            table.append([
                .integer(Int64(index)), .string(world.catalog[step].name.text),
                world.catalog[step].version.map { .string($0.description) } ?? .none,
                .string(
                    index == 0
                        ? "runs now"
                        : isBetween ? "needed on the way [\(evidence.mark)]" : "at last"
                ),
            ])
        }
        return .table(table)
    }.giving(pathColumns)

    private static let pathColumns = [
        Table.Column("step", .right), Table.Column("load"), Table.Column("version"),
        Table.Column("why"),
    ]
}

extension UpgradeCommands {
    static let pushFile = Command<ShellHost>(
        "push file",
        group: group,
        summary: "Send one file to phones as if it were firmware.",
        discussion:
            "Stands for a load that is called as what the phones run and the file together, "
            + "has a manifest and the file, and is pushed. Of the file only its name, size and SHA-256 "
            + "enter the simulation. Whole loads are read by `firmware load`.",
        .argument("path", kind: .file, help: "which file"),
        .keyword("to", help: "which phones"),
        .option("stagger", help: "the time from one phone's reset to the next"),
        changesWorld: true,
        examples: [
            Example("push file /usr/share/common-licenses/GPL-3 to all", setup: WorldCommands.setup)
        ]
    ) {
        (
            host: inout ShellHost,
            path: Located<String>,
            phones: Located<Selection>,
            stagger: Located<DurationArgument>?
        ) throws(Diagnostic) -> Output in
        try check(stagger, of: phones.node, in: host)
        let file = try SentFile(path)
        let world = host.world
        // On a copy first: of several loads one may be refused, and then none is made.
        _ = try file.set(on: phones.node.phones, in: world.copy(), at: path.range)
        let loads = try file.set(on: phones.node.phones, in: world, at: path.range)
        restart(.reset, phones.node, stagger?.node, in: host)
        let who = Counted.text(phones.node.ids.count, "phone")
        return .lines(
            loads.map { load in
                let sizes = world.catalog[load].files.map {
                    Value.size(bytes: Int64($0.sizeBytes)).text
                }
                return "\(world.catalog[load].name): \(sizes.joined(separator: " and "))"
            } + ["load and reset of \(who)"] + notSharing(phones.node.phones, in: host)
        )
    }
}

/// A file of this machine that phones are to get.
private struct SentFile {
    private let name: String
    private let sizeBytes: Int
    private let digest: [UInt8]

    /// The manifest's size, as of a load of the 7961G; modelled.
    private static let manifestBytes = 646

    /// Reads the file for its size and digest.
    init(_ path: Located<String>) throws(Diagnostic) {
        let last = path.node.split(separator: "/").last.map(String.init) ?? path.node
        guard !LoadName.hasSuffix(last) else {
            throw Diagnostic(
                "a manifest names the files of a load; it is none of its own",
                at: path.range,
                hints: ["`firmware load DIR` reads whole loads, then `push LOAD`"]
            )
        }
        var count = 0
        var digest = MessageDigest(.sha256)
        do throws(FileError) {
            try FileStore.scan(path.node) { piece in
                count += piece.count
                digest.update(piece)
                return count <= FirmwareFile.sizeLimit && !Interrupt.isPending
            }
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        if Interrupt.isPending { throw Diagnostic("stopped", at: path.range, kind: .interrupted) }
        guard (1...FirmwareFile.sizeLimit).contains(count) else {
            throw Diagnostic(
                count == 0 ? "\(path.node) is empty" : "\(path.node) is too large for a phone",
                at: path.range,
                hints: ["1 to \(FirmwareFile.sizeLimit) bytes"]
            )
        }
        name = String(last.map { Self.isAllowed($0) ? $0 : "-" })
        sizeBytes = count
        self.digest = digest.finished()
    }

    private static func isAllowed(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || character == "." || character == "-"
                || character == "_")
    }

    /// Makes a load for each one that the phones run, and sets it; answers the loads.
    func set(
        on phones: [PhoneNumber],
        in world: World,
        at range: SourceRange
    ) throws(Diagnostic) -> [LoadID] {
        var groups: [(running: LoadID, phones: [PhoneNumber])] = []
        for phone in phones {
            let running = world.runningLoad(phone)
            if let index = groups.firstIndex(where: { $0.running == running }) {
                groups[index].phones.append(phone)
            } else {
                groups.append((running, [phone]))
            }
        }
        var loads: [LoadID] = []
        for (running, phones) in groups {
            let base = "\(world.catalog[running].name).\(name)"
            let load = String(base.prefix(LoadName.characterLimit))
            let made = try refusing(at: range) { () throws(WorldError) in
                let made = try world.installLoad(
                    load,
                    files: [
                        ReadFile(name: load + ".loads", sizeBytes: Self.manifestBytes),
                        ReadFile(name: name, sizeBytes: sizeBytes, sha256: digest),
                    ],
                    Evidence(.modelled, "sent by `push file`")
                )
                try world.setLoad(made, on: phones)
                return made
            }
            loads.append(made)
        }
        return loads
    }
}
