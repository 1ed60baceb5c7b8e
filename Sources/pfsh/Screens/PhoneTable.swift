// Phones as a table, and one phone in full.

import Interpreter
import PFSRuntime

enum PhoneTable {
    static let columns = [
        Table.Column("name"), Table.Column("model"), Table.Column("ip"),
        Table.Column("runs"), Table.Column("file"),
        Table.Column("got", .right, use: .screen),
        Table.Column("got_percent", .right, use: .data),
        Table.Column("got_bytes", .right, use: .data),
        Table.Column("from"), Table.Column("state"), Table.Column("service"),
        Table.Column("out_seconds", .right, use: .data),
    ]

    /// The table of `show phones`, with a line below that counts what they are doing.
    ///
    /// Throws a diagnostic of kind `.interrupted` when the user stops it.
    static func table(
        _ phones: [PhoneNumber],
        in host: ShellHost
    ) throws(Diagnostic) -> Table {
        var table = Table(columns: columns)
        for (index, phone) in phones.enumerated() {
            if index % pieceRows == 0 { try host.checkInterrupt() }
            table.append(row(phone, in: host))
        }
        table.footer = footer(phones, in: host)
        return table
    }

    /// Rows between two looks at the keyboard.
    private static let pieceRows = 500

    private static func row(_ phone: PhoneNumber, in host: ShellHost) -> [Value] {
        let world = host.world
        let snapshot = world.snapshot(phone)
        return [
            .string(world.name(of: phone)),
            .string(world.identity(phone).model.model.shortName),
            .string(snapshot.address.description),
            .string(world.catalog[snapshot.running].name.text),
            file(snapshot, in: world),
            received(snapshot),
            receivedShare(snapshot),
            snapshot.target == nil ? .none : .size(bytes: snapshot.receivedBytes),
            source(phone, snapshot, in: world),
            .symbol(Symbol(snapshot.state.rawValue)),
            service(snapshot, in: world),
            snapshot.outOfServiceSince.map {
                .duration(nanoseconds: (world.now - $0).nanoseconds)
            } ?? .none,
        ]
    }

    private static func file(_ snapshot: PhoneSnapshot, in world: World) -> Value {
        guard let index = snapshot.fileIndex, let target = snapshot.target else { return .none }
        return .string("\(index + 1) \(world.catalog[target].files[index].part)")
    }

    private static func received(_ snapshot: PhoneSnapshot) -> Value {
        guard snapshot.target != nil else { return .none }
        if snapshot.receivedBytes == snapshot.fileBytes { return .string("100%") }
        return .string("\(snapshot.receivedBytes / 1_000)KB")
    }

    private static func receivedShare(_ snapshot: PhoneSnapshot) -> Value {
        guard snapshot.target != nil, snapshot.fileBytes > 0 else { return .none }
        // A file has less than 2³² bytes, so the product fits.
        let parts = snapshot.receivedBytes * 1_000_000 / snapshot.fileBytes
        return .percent(partsPerMillion: parts)
    }

    private static func source(
        _ phone: PhoneNumber,
        _ snapshot: PhoneSnapshot,
        in world: World
    ) -> Value {
        switch snapshot.source {
        case .none: .none
        case .server: world.lastServer(of: phone).map { .string(world.server($0).name) } ?? .none
        case .phone(let phone): .string(world.name(of: phone))
        }
    }

    private static func service(_ snapshot: PhoneSnapshot, in world: World) -> Value {
        if let since = snapshot.outOfServiceSince {
            let seconds = (world.now - since).nanoseconds / 1_000_000_000
            let rest = seconds % 60
            return .string("out \(seconds / 60):\(rest < 10 ? "0" : "")\(rest)")
        }
        if case .failed(let reason, _) = snapshot.outcome {
            return .string("in, failed \(reason.rawValue)")
        }
        return .string("in")
    }

    private static func footer(_ phones: [PhoneNumber], in host: ShellHost) -> String {
        var counts: [(state: PhoneState, count: Int)] = PhoneState.allCases.map { ($0, 0) }
        var done = 0
        var failed = 0
        var delayed = 0
        for phone in phones {
            let state = host.world.state(phone)
            if let index = PhoneState.allCases.firstIndex(of: state) { counts[index].count += 1 }
            if state == .inCall, host.world.delaysReset(phone) { delayed += 1 }
            switch host.world.outcome(of: phone) {
            case .succeeded: done += 1
            case .failed: failed += 1
            case .none: break
            }
        }
        let states = counts.filter { $0.count > 0 }.map { "\($0.count) \($0.state.rawValue)" }
        var parts = states
        if done > 0 { parts.append("\(done) done") }
        if failed > 0 { parts.append("\(failed) failed") }
        if delayed > 0 { parts.append("\(Counted.text(delayed, "reset")) delayed (in call)") }
        return parts.isEmpty ? "no phones" : "\(phones.count): \(parts.joined(separator: ", "))"
    }

    /// The value of a field that counts, with the level that settled it.
    private static func text<Value: CustomStringConvertible>(
        _ decision: FieldDecision<Value>
    ) -> String {
        let level =
            switch decision.level {
            case .none: ""
            case .device: ", by the phone page"
            case .commonPhoneProfile: ", by the profile"
            case .enterprise: ", by the enterprise configuration"
            }
        return (decision.value?.description ?? "none") + level
    }

    /// Everything about one phone, a fact a line.
    static func details(_ phone: PhoneNumber, in host: ShellHost) -> [String] {
        let world = host.world
        let identity = world.identity(phone)
        let snapshot = world.snapshot(phone)
        let subnet = world.subnetDetails(snapshot.subnet)
        let sharing = world.sharedFiles(phone)
        var facts: [(String, String)] = [
            ("name", identity.name),
            ("model", "\(identity.model.model.name), \(identity.deviceProtocol)"),
            ("device", "SEP\(identity.mac)"),
            (
                "address",
                "\(snapshot.address) in \(world.subnetNames[snapshot.subnet]) "
                    + "\(subnet.network), site \(world.siteNames[subnet.site])"
            ),
            ("profile", identity.profile.map { world.profiles[$0].name } ?? "-"),
            ("runs", world.catalog[snapshot.running].name.text),
            ("configured", world.catalog[world.configuredLoad(phone)].name.text),
            ("sharing", world.sharingDecision(phone).takesPart ? "yes" : "no"),
            ("load server", text(world.loadServer(of: phone))),
            ("log server", text(world.logServer(of: phone))),
            ("state", snapshot.state.rawValue),
        ]
        if let index = snapshot.fileIndex, let target = snapshot.target {
            let file = world.catalog[target].files[index]
            facts.append(
                (
                    "file",
                    "\(index + 1) of \(snapshot.fileCount), \(file.name), "
                        + "\(snapshot.receivedBytes) of \(snapshot.fileBytes) bytes"
                )
            )
            let children = snapshot.children.map { world.name(of: $0) }.joined(separator: ", ")
            facts.append(("root", snapshot.isRoot ? "yes" : "no"))
            facts.append(("children", children.isEmpty ? "-" : children))
        }
        facts.append(("from peers", Counted.text(Int(sharing.fromPeers), "file")))
        facts.append(("to peers", Counted.text(Int(sharing.toPeers), "file")))
        switch snapshot.outcome {
        case .none: break
        case .succeeded(let time):
            facts.append(("outcome", "new load since \(host.displayTime(time.nanoseconds))"))
        case .failed(let reason, let time):
            facts.append(
                (
                    "outcome",
                    "failed at \(host.displayTime(time.nanoseconds)), reason \(reason.rawValue)"
                )
            )
        }
        return facts.map { name, fact in
            name + String(repeating: " ", count: 12 - name.count) + fact
        }
    }
}
