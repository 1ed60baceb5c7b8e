// The world as one page and as one JSON object, for those who have no pfsh at hand. Neither holds
// anything of the machine it was made on, so that the same world gives the same bytes.

import Interpreter
import PFSRuntime

enum ExportedPage {
    /// A page that needs no other file.
    static func html(_ distribution: Distribution, in host: ShellHost) throws(Diagnostic) -> String
    {
        let world = host.world
        let table = try PhoneTable.table(distribution.phones, in: host)
        let head = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>pfsh: a simulated world</title>
            <style>
            body { font-family: sans-serif; margin: 2em; }
            table { border-collapse: collapse; font-family: monospace; }
            th, td { border-bottom: 1px solid #ccc; padding: 2px 8px; text-align: left; }
            </style>
            </head>
            <body>
            <h1>A simulated world</h1>
            <p>pfsh \(Version.text), seed \(world.seed), \(Elapsed.text(world.now)) since it began, \
            \(world.eventCount) events, fingerprint \(fingerprint(world)).</p>
            <p>\(Markup.escaped(table.footer ?? ""))</p>

            """
        return head + "<h2>Files over time</h2>\n" + ExportedDrawing.text(distribution)
            + "<h2>Phones</h2>\n" + markup(table) + "<h2>Sites</h2>\n"
            + markup(SiteTable.table(in: host)) + "</body>\n</html>\n"
    }

    private static func markup(_ table: Table) -> String {
        let shown = table.columns.indices.filter { table.columns[$0].use != .data }
        let heading = shown.map { "<th>\(Markup.escaped(table.columns[$0].name))</th>" }.joined()
        let rows = table.rows.map { row in
            let cells = shown.map { column in
                let text = row[column] == .none ? "-" : row[column].text
                return "<td>\(Markup.escaped(text))</td>"
            }
            return "<tr>\(cells.joined())</tr>\n"
        }
        return "<table>\n<tr>\(heading)</tr>\n\(rows.joined())</table>\n"
    }

    /// Everything as data; times are seconds since the world began.
    static func json(_ distribution: Distribution, in host: ShellHost) throws(Diagnostic) -> String
    {
        let world = host.world
        var copies: [JSONText] = []
        for copy in distribution.copies {
            copies.append(
                .object([
                    .init("phone", .string(world.name(of: copy.phone))),
                    .init("file", .string(distribution.fileName(copy))),
                    .init("from", .string(distribution.giverName(copy))),
                    .init("from_phone", .bool(copy.giver != nil)),
                    .init("at", JSONText(.duration(nanoseconds: copy.time.nanoseconds))),
                ])
            )
        }
        let whole = JSONText.object([
            .init("pfsh", .string(Version.text)),
            .init("seed", .decimal(String(world.seed))),
            .init("now", JSONText(.duration(nanoseconds: world.now.nanoseconds))),
            .init("events", .decimal(String(world.eventCount))),
            .init("fingerprint", .string(fingerprint(world))),
            .init("commands", .array(RunningConfiguration.lines(of: host).map { .string($0) })),
            .init("sites", JSONText(.table(SiteTable.table(in: host)))),
            .init("phones", JSONText(.table(try PhoneTable.table(distribution.phones, in: host)))),
            .init("files", .array(copies)),
        ])
        return whole.text + "\n"
    }

    private static func fingerprint(_ world: World) -> String {
        let digits = String(world.fingerprint, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
