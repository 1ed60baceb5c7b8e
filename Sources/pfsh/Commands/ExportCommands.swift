// The world as a file for other programs: a page, a drawing, a graph, data.

import Interpreter
import NetIO
import PFSRuntime

enum ExportCommands {
    static let all = [export]

    static let export = Command<ShellHost>(
        "export",
        group: WorldCommands.group,
        summary: "Write what became of the world for other programs: HTML, SVG, DOT or JSON.",
        discussion:
            "The end of the name says which. A page (.html) has a drawing and tables; a drawing "
            + "(.svg) when each of the first 500 phones got each file, and from whom; a graph (.dot, "
            + "for Graphviz) who gave whom which file; data (.json) all of it. The same world gives "
            + "the same bytes.",
        .argument("file", kind: .file, help: "the file to write: .html, .svg, .dot or .json"),
        mayBeAbbreviated: false,
        examples: [
            Example(
                "export /tmp/pfsh-world.svg",
                setup: WorldCommands.setup + [
                    "pfs enterprise on", "push 9.4(2)SR1 to all", "run 30m",
                ]
            )
        ]
    ) { (host: inout ShellHost, path: Located<String>) throws(Diagnostic) -> Output in
        let name = path.node.split(separator: "/").last ?? ""
        let suffix =
            name.contains(".") ? name.split(separator: ".").last.map { $0.lowercased() } : nil
        let distribution = Distribution(host.world)
        let text: String
        switch suffix {
        case "html", "htm": text = try ExportedPage.html(distribution, in: host)
        case "svg": text = ExportedDrawing.text(distribution)
        case "dot", "gv": text = ExportedGraph.text(distribution)
        case "json": text = try ExportedPage.json(distribution, in: host)
        default:
            throw Diagnostic(
                "the end of the name says what to write: .html, .svg, .dot or .json",
                at: path.range,
                hints: suffix == "pfsh" ? ["`save FILE` writes the world as commands"] : []
            )
        }
        do throws(FileError) {
            try FileStore.write(Array(text.utf8), to: path.node)
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        return .none
    }
}
