// What logs tell, as a table: each phone's files in order, with where they came from and how long it took.

import Interpreter
import PFSRuntime

enum LogTimeline {
    static let columns = [
        Table.Column("begun"), Table.Column("phone"), Table.Column("file"), Table.Column("role"),
        Table.Column("from"), Table.Column("took", .right), Table.Column("ended"),
        Table.Column("log", use: .data), Table.Column("line", .right, use: .data),
        Table.Column("model", use: .data), Table.Column("address", use: .data),
        Table.Column("xid", use: .data), Table.Column("map", use: .data),
        Table.Column("strength", use: .data), Table.Column("hash", use: .data),
        Table.Column("received", use: .data), Table.Column("bytes", .right, use: .data),
    ]

    /// A row for each file of each phone, in the order of their beginnings.
    static func table(_ story: LogStory) -> Table {
        var rows: [(time: Int64, cells: [Value])] = []
        for phone in story.phones {
            for file in phone.files {
                guard let begin = file.begin else { continue }
                rows.append((begin.microseconds, cells(file, of: phone, begin, in: story)))
            }
        }
        var table = Table(columns: columns)
        let ordered = rows.enumerated().sorted {
            ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
        }
        for row in ordered { table.append(row.element.cells) }
        return table
    }

    private static func cells(
        _ file: FileStory,
        of phone: PhoneStory,
        _ begin: LoggedLine,
        in story: LogStory
    ) -> [Value] {
        let got = file.first(.fileReceived)
        let claim = file.claim
        let end = file.first(.fileWritten) ?? got
        return [
            text(begin.timeOfDay.description), text(phone.name), text(file.file),
            text(file.role.rawValue), text(source(of: file, in: story)),
            end.map { .duration(nanoseconds: ($0.microseconds - begin.microseconds) * 1_000) }
                ?? .none,
            text(ending(of: file)), text(story.logs[phone.log].name),
            .integer(Int64(begin.number)), text(phone.model),
            text(phone.address?.description), text(claim.transaction), text(claim.map),
            text(claim.strength), text(claim.hash), text(got?.timeOfDay.description),
            got?.value(.bytes).flatMap { Int64($0) }.map { .integer($0) } ?? .none,
        ]
    }

    private static func text(_ text: String?) -> Value { text.map { .string($0) } ?? .none }

    /// From whom it came: the parent by name where its log is there.
    static func source(of file: FileStory, in story: LogStory) -> String? {
        switch file.role {
        case .child:
            guard let parent = file.parent else { return nil }
            return story.phone(at: parent).map { story.phones[$0].name } ?? parent.description
        case .alone, .fellBack: return "server"
        case .root:
            return file.has(.fetchAfterWaiting) || file.has(.fetchWhenFull) ? "server" : nil
        case .undecided: return nil
        }
    }

    /// How far the log leads.
    static func ending(of file: FileStory) -> String {
        if let stopped = file.first(.stopped) ?? file.first(.fetchFailed) {
            return "failed, reason \(stopped.value(.code) ?? "")"
        }
        if file.has(.fileRejected), !file.has(.fileVerified) { return "verify failed" }
        if file.has(.fileWritten) { return "written" }
        if file.has(.fileVerified) { return "verified" }
        if file.has(.fileReceived) { return "received" }
        return file.role == .undecided ? "undecided" : "unfinished"
    }
}
