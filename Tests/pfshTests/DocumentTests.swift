// The documents are held to what the program does: sessions print what they show, scripts run, and
// links and paths lead somewhere.
//
// Fences say what a block is: `console` is a session at the prompt, prompts and output included;
// `pfsh` is a script that runs cleanly in a new world. With PFSH_RECORD=1 sessions are recorded anew.

import Glibc
import Interpreter
import Testing

@testable import pfsh

@Suite("Documents") struct DocumentTests {
    static let documents = ["", "docs/", "examples/", "Tests/pfshTests/Fixtures/"].flatMap {
        folder in
        Repository.files(in: folder, suffix: ".md").map { folder + $0 }
    }

    static let withSessions = documents.filter { path in
        Document(path).blocks.contains { $0.language == "console" }
    }

    @Test("a session in a document prints what stands there", arguments: withSessions)
    func sessions(_ path: String) {
        var document = Document(path)
        for (index, block) in document.blocks.enumerated() where block.language == "console" {
            document.replace(index, with: Self.replayed(block.lines, path))
        }
        if let difference = Repository.difference(of: document.text, from: path) {
            Issue.record(Comment(rawValue: difference))
        }
    }

    @Test("a script in a document runs cleanly", arguments: documents)
    func scripts(_ path: String) {
        for block in Document(path).blocks where block.language == "pfsh" {
            let result = ShellHarness().run(block.lines.joined(separator: "\n"))
            #expect(result.status == 0, "\(path): \(result.text)")
        }
    }

    @Test("the README shows a session, and the guide to the language a script")
    func shown() {
        #expect(Document("README.md").blocks.contains { $0.language == "console" })
        #expect(Document("docs/language.md").blocks.contains { $0.language == "pfsh" })
    }

    @Test("the command that the guide for contributors shows is one of the shell's")
    func shownCommand() {
        func unindented(_ lines: [String]) -> String {
            lines.map { $0.drop { $0 == " " } }.joined(separator: "\n")
        }
        let blocks = Document("CONTRIBUTING.md").blocks.filter { $0.language == "swift" }
        #expect(blocks.count == 1)
        let source = Repository.text("Sources/pfsh/Commands/WorldCommands.swift")
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for block in blocks {
            #expect(unindented(lines).contains(unindented(block.lines)), "\(block.lines)")
        }
    }

    @Test("links lead to files and headings that exist", arguments: documents)
    func links(_ path: String) {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        for target in Document(path).linkTargets where !target.contains("://") {
            let parts = target.split(separator: "#", omittingEmptySubsequences: false)
            let file = parts[0].isEmpty ? path : Repository.resolved(parts[0], in: folder)
            #expect(Repository.exists(file), "\(path) links to \(target)")
            if parts.count > 1 {
                let anchors = Document(file).anchors
                #expect(anchors.contains(String(parts[1])), "\(path) links to \(target)")
            }
        }
    }

    @Test("paths of the repository that a document names exist", arguments: documents)
    func paths(_ path: String) {
        for named in Document(path).namedPaths {
            #expect(Repository.exists(named), "\(path) names \(named)")
        }
    }

    @Test("every document can be reached from the README or the index of its folder")
    func reachable() {
        let index = Document("docs/README.md").linkTargets
        for document in Repository.files(in: "docs", suffix: ".md") where document != "README.md" {
            #expect(index.contains(document), "docs/README.md does not link to \(document)")
        }
        let examples = Document("examples/README.md").linkTargets
        for example in ExampleTests.names {
            #expect(examples.contains(example), "examples/README.md does not link to \(example)")
        }
        let start = Document("README.md").linkTargets
        for document in ["docs/README.md", "examples/README.md", "CONTRIBUTING.md", "LICENSE"] {
            #expect(start.contains(document), "README.md does not link to \(document)")
        }
    }

    /// What a session prints when its commands are typed again, as a terminal would show it.
    private static func replayed(_ lines: [String], _ path: String) -> [String] {
        let mark = " virtual> "
        let harness = ShellHarness()
        for line in lines {
            guard let end = line.firstRange(of: mark)?.upperBound else { continue }
            let command = String(line[end...])
            harness.type(command)
        }
        let text = harness.text.split(separator: "\n", omittingEmptySubsequences: false)
        return text.dropLast().map(String.init)
    }
}

/// A document in Markdown, as lines.
private struct Document {
    /// A fenced block: its language, and which lines it has.
    struct Block {
        let language: String
        let lines: [String]
        /// The line behind the opening fence.
        let start: Int
    }

    private(set) var lines: [String]
    private(set) var blocks: [Block] = []
    /// The text outside of fenced blocks.
    private(set) var prose: [String] = []
    /// How many lines replaced blocks have added so far.
    private var shift = 0

    init(_ path: String) {
        let text = Repository.text(path)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var opening: (language: String, start: Int)?
        for (number, line) in lines.enumerated() {
            guard line.hasPrefix("```") else {
                if opening == nil { prose.append(line) }
                continue
            }
            if let open = opening {
                let body = Array(lines[open.start..<number])
                blocks.append(Block(language: open.language, lines: body, start: open.start))
                opening = nil
            } else {
                opening = (String(line.dropFirst(3)), number + 1)
            }
        }
    }

    var text: String { lines.joined(separator: "\n") }

    /// Replaces the lines of a block; blocks are replaced in their order.
    mutating func replace(_ index: Int, with body: [String]) {
        let start = blocks[index].start + shift
        lines.replaceSubrange(start..<(start + blocks[index].lines.count), with: body)
        shift += body.count - blocks[index].lines.count
    }

    /// The targets of links.
    var linkTargets: [String] {
        prose.flatMap { line in
            line.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
        }
    }

    /// The anchors of headings, as web pages of repositories make them.
    var anchors: [String] {
        prose.filter { $0.hasPrefix("#") }.map { heading in
            heading.drop { $0 == "#" }.dropFirst().lowercased()
                .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                .replacing(" ", with: "-")
        }
    }

    /// Paths below the folders of the repository in code spans and shell blocks.
    var namedPaths: [String] {
        let shell = blocks.filter { $0.language == "sh" }.flatMap(\.lines)
        let spans = prose.flatMap { $0.matches(of: /`([^`]+)`/).map { String($0.1) } }
        return (shell + spans).flatMap { $0.split(separator: " ").map(String.init) }.filter {
            word in
            Self.folders.contains { word.hasPrefix($0) } && !word.contains("NAME")
                && !word.contains("*")
        }
    }

    private static let folders = [
        "scripts/", "examples/", "docs/", "Sources/", "Tests/", "Benchmarks/reference/", ".ci/",
    ]
}

extension ShellHarness {
    /// Types a line at the prompt; the output shows prompt and line as a terminal does.
    fileprivate func type(_ line: String) {
        echo(session.prompt(columns: 80) + line + "\n")
        _ = run(line, mode: .prompt, name: "")
    }
}

extension Repository {
    /// Whether a file or folder stands at a path of the repository.
    fileprivate static func exists(_ path: String) -> Bool {
        access(root + "/" + path, F_OK) == 0
    }

    /// A relative path of a document in `folder`, from the root.
    fileprivate static func resolved(_ path: Substring, in folder: String) -> String {
        var parts = folder.split(separator: "/")
        for part in path.split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
