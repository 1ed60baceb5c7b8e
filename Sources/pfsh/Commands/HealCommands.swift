// Looking at faults, and mending them.

import Interpreter
import PFSRuntime

/// A server by name, where a fault needs one.
enum FaultServer {
    static func index(_ name: Located<String>, in host: ShellHost) throws(Diagnostic) -> Int {
        let names = (0..<host.world.serverCount).map { host.world.server($0).name }
        guard let index = names.firstIndex(of: name.node) else {
            throw Diagnostic(
                "there is no server `\(name.node)`",
                at: name.range,
                hints: Spelling.hints(for: name.node, among: names)
            )
        }
        return index
    }
}

extension FaultCommands {
    static let heal = Command<ShellHost>(
        "heal",
        group: group,
        summary: "Mend faults: all, or by number or kind.",
        .rest(
            "faults",
            kind: .word("FAULT", phrase: "a fault's number, a kind of fault, or all"),
            required: false,
            help: "numbers or kinds as `show faults` names them; all if not given"
        ),
        changesWorld: true,
        examples: [
            Example("heal 1", setup: WorldCommands.setup + ["fault drop"]),
            Example("heal all", setup: WorldCommands.setup + ["fault drop", "isolate voice"]),
        ]
    ) { (host: inout ShellHost, words: [Located<String>]) throws(Diagnostic) -> Output in
        let world = host.world
        var numbers: [Int] = words.isEmpty ? world.faults.map(\.number) : []
        for word in words { numbers += try faults(word, in: world) }
        for number in numbers { world.heal(number) }
        return .none
    }

    private static func faults(
        _ word: Located<String>,
        in world: World
    ) throws(Diagnostic) -> [Int] {
        if word.node == "all" { return world.faults.map(\.number) }
        if let kind = FaultKind(rawValue: word.node) {
            let numbers = world.faults.filter { $0.fault.kind == kind }.map(\.number)
            if numbers.isEmpty {
                throw Diagnostic("no fault of the kind \(kind.rawValue) is on", at: word.range)
            }
            return numbers
        }
        if let number = Int(word.node) {
            if world.faults.contains(where: { $0.number == number }) { return [number] }
            let isOver = world.endedFaults.contains { $0.number == number }
            throw Diagnostic(
                isOver ? "fault \(number) is over" : "there is no fault \(number)",
                at: word.range,
                hints: ["`show faults` shows those that are on"]
            )
        }
        let kinds = FaultKind.allCases.map(\.rawValue)
        throw Diagnostic(
            "expected a fault's number, a kind of fault, or all, not `\(word.node)`",
            at: word.range,
            hints: Spelling.hints(for: word.node, among: kinds + ["all"])
        )
    }

    static let show = Command<ShellHost>(
        "show faults",
        group: ShowCommands.group,
        summary: "Show what is broken, and what it has hit.",
        .flag("all", help: "those that are over too"),
        examples: [Example("show faults", setup: WorldCommands.setup + ["fault drop chance 5%"])]
    ) { (host: inout ShellHost, isAll: Bool) throws(Diagnostic) -> Output in
        .table(FaultTableText.table(of: host, isAll: isAll))
    }
}

/// Faults as a table and as commands.
enum FaultTableText {
    static func table(of host: ShellHost, isAll: Bool) -> Table {
        let world = host.world
        let selector = SelectorText(world)
        var table = Table(columns: [
            Table.Column("fault", .right), Table.Column("what"), Table.Column("scope"),
            Table.Column("since"), Table.Column("until"), Table.Column("hits", .right),
        ])
        let records =
            isAll
            ? (world.faults + world.endedFaults).sorted { $0.number < $1.number } : world.faults
        for record in records {
            var order = record.order
            order.length = nil
            let parts = world.faultParts(order) { text(of: $0, selector, in: world) }
            let what = parts.what.hasPrefix("fault ") ? String(parts.what.dropFirst(6)) : parts.what
            table.append([
                .integer(Int64(record.number)),
                .string(what),
                .string(parts.scope.isEmpty ? "everywhere" : parts.scope.joined(separator: " ")),
                .string(host.displayTime(record.since.nanoseconds)),
                end(of: record, in: host),
                .integer(Int64(clamping: record.hits)),
            ])
        }
        return table
    }

    private static func end(of record: FaultRecord, in host: ShellHost) -> Value {
        let end = record.endedAt ?? record.until
        return .string(end.map { host.displayTime($0.nanoseconds) } ?? "healed")
    }

    private static func text(
        of phones: [PhoneNumber],
        _ selector: SelectorText,
        in world: World
    ) -> String {
        let present = phones.filter { world.state($0) != .removed }.map { world.name(of: $0) }
        return present.isEmpty ? "none" : selector.text(present)
    }

    /// The faults that are on as commands that let them begin, with the time that is left.
    static func commands(of world: World) -> [String] {
        let selector = SelectorText(world)
        return world.faults.compactMap { record in
            var order = record.order
            if let until = record.until { order.length = until - world.now }
            var isEmpty = false
            let line = world.faultText(order) { phones in
                let word = text(of: phones, selector, in: world)
                isEmpty = isEmpty || word == "none"
                return word
            }
            return isEmpty ? nil : line
        }
    }
}
