// Putting the phones of a world on a real network, and taking them off it.

import Interpreter
import NetIO
import PFSRuntime

enum AttachCommands {
    static let all = [attach, interfaces]

    /// How long pfsh listens before it speaks on an interface, in milliseconds.
    private static let listeningMilliseconds = 2_000

    static let attach = Command<ShellHost>(
        "attach",
        group: TFTPCommands.group,
        summary: "Put the phones on a real network: their messages and files go over sockets.",
        discussion:
            "On `loopback` a phone 10.4.0.11 has the address 127.4.0.11, and no privilege is "
            + "needed. On an interface the phones' subnet must be the interface's own; addresses "
            + "that the machine does not have are added, and taken back by `no attach`. There "
            + "pfsh listens for 2 s first and refuses, unless told `anyway`, when it hears peers that are "
            + "not pfsh. The clock is the real one from then on. Files come by TFTP from the "
            + "servers of the phones, `tftp1` at 127.0.0.1 unless it has an address, and only those "
            + "verify whose load `firmware load` has read.\nNever attach to a subnet with "
            + "real phones: what pfsh speaks is its own, but the port is theirs. See docs/attach.md.",
        .argument(
            "interface",
            kind: .word("INTERFACE", phrase: "an interface's name, or `loopback`"),
            help: "where to; `show interfaces` lists them"
        ),
        .option(
            "addresses",
            kind: .word("A-B", phrase: "two addresses with `-` between them"),
            help: "addresses that the phones get instead of theirs, in order"
        ),
        .option("port", default: NetworkPlace.standardPort, shownAs: "4051", help: "UDP and TCP"),
        .option("tftp-port", default: 69, shownAs: "69", help: "the port of TFTP servers"),
        .option(
            "store",
            kind: ArgumentKind(.file, placeholder: "DIR", phrase: "the name of a directory"),
            help: "where the phones keep their files; a folder of pfsh's state if not given"
        ),
        .flag("anyway", help: "attach although peers were heard that are not pfsh"),
        changesWorld: true,
        examples: [
            Example(
                "attach loopback port 40510",
                setup: ["subnet voice 10.4.0.0/24", "phones 3 model CP-7961G subnet voice"]
            )
        ]
    ) {
        (
            host: inout ShellHost,
            interface: Located<String>,
            addresses: Located<String>?,
            port: Int,
            tftpPort: Int,
            store: Located<String>?,
            isAnyway: Bool
        ) throws(Diagnostic) -> Output in
        guard (1...65_535).contains(port), (1...65_535).contains(tftpPort) else {
            throw Diagnostic("a port is 1 to 65535")
        }
        let order = AttachOrder(
            interface: interface,
            addresses: addresses,
            port: port,
            tftpPort: tftpPort,
            store: store?.node,
            isAnyway: isAnyway,
            listeningMilliseconds: listeningMilliseconds
        )
        return .lines(try order.carryOut(in: &host))
    }.undone(
        by: Command<ShellHost>(
            "attach",
            group: TFTPCommands.group,
            summary: "Take the phones off the network; upgrades under way are called off.",
            discussion: "Sockets close, added addresses go, and the clock is virtual again.",
            changesWorld: true,
            examples: [
                Example(
                    "no attach",
                    setup: [
                        "subnet voice 10.4.0.0/24", "phones 3 model CP-7961G subnet voice",
                        "attach loopback port 40511",
                    ]
                )
            ]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            guard let attachment = host.attachment else {
                throw Diagnostic("nothing is attached")
            }
            host.capture?.take(host.world, attachment)
            attachment.end(host.world)
            host.attachment = nil
            return .lines(["detached; \(attachment.lagText)"])
        }
    )

    static let interfaces = Command<ShellHost>(
        "show interfaces",
        group: TFTPCommands.group,
        summary: "List the interfaces that phones can be attached to, and why not to others.",
        discussion:
            "While phones are attached, also how late they are served: the median, the lag that "
            + "99 of 100 do not exceed, the longest, and how many were so late that timers suffer.",
        examples: [Example("show interfaces")]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        var table = Table(columns: [
            Table.Column("interface"), Table.Column("address"), Table.Column("network"),
            Table.Column("phones", .right), Table.Column("can be attached"),
        ])
        for address in InterfaceTable.addresses() {
            let name = address.isLoopback ? "loopback" : address.interface
            let isHere = host.attachment.map { ($0.place.interface ?? "loopback") == name } ?? false
            table.append([
                .string(name), .string(address.address.description),
                .string(address.network?.description ?? ""),
                isHere ? .integer(Int64(host.world.phones.count)) : .none,
                .string(address.obstacle.map { "no: \($0)" } ?? (isHere ? "attached" : "yes")),
            ])
        }
        if let attachment = host.attachment {
            table.footer =
                "\(attachment.description), \(attachment.lagText), "
                + "\(attachment.spoiledCount) too late for a timer"
        }
        return .table(table)
    }
}

/// What `attach` was asked to do.
struct AttachOrder {
    let interface: Located<String>
    let addresses: Located<String>?
    let port: Int
    let tftpPort: Int
    let store: String?
    let isAnyway: Bool
    let listeningMilliseconds: Int

    /// Attaches the world; nothing has changed where it throws.
    func carryOut(in host: inout ShellHost) throws(Diagnostic) -> [String] {
        let world = host.world
        if host.isTrial {
            throw Diagnostic(
                "what is tried on a copy stays off the network",
                at: interface.range
            )
        }
        guard host.attachment == nil else {
            throw Diagnostic(
                "the phones are attached already",
                at: interface.range,
                hints: ["`no attach` takes them off"]
            )
        }
        let notes = try stateFolder("interfaces")
        let repaired = AddedAddresses.repair(notesIn: notes)
        let subnet = try subnet(of: world)
        let network = world.subnetNetwork(subnet)
        let target = try target(for: network, named: world.subnetNames[subnet])
        let place = NetworkPlace(
            interface: target?.interface,
            subnet: network,
            port: port,
            tftpPort: tftpPort
        )
        if target != nil { try listen(at: place, in: host) }
        let folder: String
        if let store { folder = store } else { folder = try stateFolder("phones") }
        do throws(FileError) {
            try FileStore.makeDirectory(folder)
        } catch {
            throw Diagnostic(error.description, at: interface.range, kind: .outside)
        }
        try readdress(world)
        let described = "attached to \(interface.node), port \(port)"
        do throws(AttachmentError) {
            try world.attach(subnet: subnet)
        } catch {
            throw Diagnostic(error.description, at: interface.range)
        }
        do throws(NetworkError) {
            let opened = try open(place, on: target, notes: notes, store: folder, of: world)
            host.notebook.wasAttached = true
            host.attachment = Attachment(
                opened.network,
                addresses: opened.added,
                description: described,
                world: world
            )
        } catch {
            _ = world.detach()
            throw Diagnostic(error.description, at: interface.range, kind: .outside)
        }
        let count = world.phones.count
        var lines = ["\(count) phones \(described); the clock is the real one"]
        if repaired > 0 { lines.append("\(repaired) addresses of an earlier run were taken away") }
        return lines
    }

    private func open(
        _ place: NetworkPlace,
        on target: InterfaceAddress?,
        notes: String,
        store: String,
        of world: World
    ) throws(NetworkError) -> (network: PhoneNetwork, added: AddedAddresses?) {
        var added: AddedAddresses?
        if let target {
            let addresses = world.phones.map { world.address(of: $0) }
            added = try AddedAddresses(addresses, to: target, notesIn: notes)
        }
        let network = try PhoneNetwork(place, store: store, wake: { LineEditor.wake() })
        return (network, added)
    }

    /// The one subnet that has phones.
    private func subnet(of world: World) throws(Diagnostic) -> Int {
        guard let first = world.phones.first else {
            throw Diagnostic("there are no phones to attach", at: interface.range)
        }
        return world.subnet(of: first)
    }

    /// The interface meant, by the address that is of the phones' subnet; nil for loopback.
    private func target(
        for network: IPv4Network,
        named subnet: String
    ) throws(Diagnostic) -> InterfaceAddress? {
        if interface.node == "loopback" || interface.node == "lo" { return nil }
        let all = InterfaceTable.addresses()
        let named = all.filter { $0.interface == interface.node }
        guard let first = named.first else {
            let names = Set(all.map { $0.isLoopback ? "loopback" : $0.interface }).sorted()
            throw Diagnostic(
                "there is no interface `\(interface.node)` with an IPv4 address",
                at: interface.range,
                kind: .outside,
                hints: ["there are \(names.joined(separator: ", "))"]
            )
        }
        guard let fitting = named.first(where: { $0.network == network }) else {
            throw Diagnostic(
                "\(interface.node) is in \(first.network?.description ?? "no network"), "
                    + "the phones of `\(subnet)` are in \(network)",
                at: interface.range,
                hints: ["make the subnet with the interface's network"]
            )
        }
        if let obstacle = fitting.obstacle {
            throw Diagnostic(
                "\(interface.node) cannot be attached: \(obstacle)",
                at: interface.range,
                kind: .outside
            )
        }
        return fitting
    }

    private func listen(at place: NetworkPlace, in host: ShellHost) throws(Diagnostic) {
        let heard: BroadcastScout
        do throws(NetworkError) {
            heard = try BroadcastScout.listen(place, milliseconds: listeningMilliseconds) {
                host.isInterrupted
            }
        } catch {
            throw Diagnostic(error.description, at: interface.range, kind: .outside)
        }
        try host.checkInterrupt()
        guard let stranger = heard.strangers.first, !isAnyway else { return }
        throw Diagnostic(
            "\(stranger) speaks on port \(place.port), and it is not pfsh",
            at: interface.range,
            kind: .outside,
            hints: ["real phones may be there: use another network; `anyway` attaches all the same"]
        )
    }

    /// Gives the phones the addresses asked for.
    private func readdress(_ world: World) throws(Diagnostic) {
        guard let addresses else { return }
        let ends = addresses.node.split(separator: "-").compactMap { PFSRuntime.IPv4Address($0) }
        guard ends.count == 2, ends[0] <= ends[1] else {
            throw Diagnostic(
                "expected two addresses such as 10.4.0.11-10.4.0.20",
                at: addresses.range
            )
        }
        let phones = world.phones
        let room = Int(ends[1].bits - ends[0].bits) + 1
        guard room >= phones.count else {
            throw Diagnostic(
                "\(room) addresses are too few for \(phones.count) phones",
                at: addresses.range
            )
        }
        try refusing(at: addresses.range) { () throws(WorldError) in
            // From the far end first when the range lies above, so that none is in the way.
            let pairs = phones.enumerated().map { ($1, ends[0].bits + UInt32($0)) }
            let isUp = phones.first.map { world.address(of: $0) < ends[0] } ?? false
            for (phone, bits) in isUp ? pairs.reversed() : pairs {
                try world.readdress(phone, to: PFSRuntime.IPv4Address(bits: bits))
            }
        }
    }

    /// A folder of pfsh's own state.
    private func stateFolder(_ name: String) throws(Diagnostic) -> String {
        var state = Environment.value("XDG_STATE_HOME") ?? ""
        var folders: [String] = []
        if !state.hasPrefix("/") {
            let home = Environment.value("HOME") ?? "/tmp"
            folders = ["\(home)/.local", "\(home)/.local/state"]
            state = "\(home)/.local/state"
        }
        folders += ["\(state)/pfsh", "\(state)/pfsh/\(name)"]
        do throws(FileError) {
            for folder in folders { try FileStore.makeDirectory(folder) }
        } catch {
            throw Diagnostic(error.description, at: interface.range, kind: .outside)
        }
        return "\(state)/pfsh/\(name)"
    }
}
