// docs/protocol.md against the program: the bytes of every message, and the default of every
// parameter of the model, none left out and none invented.

import Testing

@testable import PFSRuntime

struct ProtocolPageTests {
    private static let page = DocumentationPage("protocol.md")

    private func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The name of an example, as wide as the page's first column.
    private func padded(_ name: String) -> String {
        name + String(repeating: " ", count: 20 - name.count)
    }

    /// The bytes of an example, split where the page says that it splits them.
    private func parts(_ example: PeerMessageExample) throws -> String {
        let bytes = try example.bytes()
        let file = 13 + PeerMessageExample.modelName.utf8.count
        let fields = file + 1 + PeerMessageExample.fileName.utf8.count
        let cuts = [0, 8, 9, 10, 12, file, fields, bytes.count]
        let parts = zip(cuts, cuts.dropFirst()).map { hex(bytes[$0..<$1]) }
        return padded(example.name) + parts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    @Test("the bytes of every message on the page are what the codec emits")
    func messages() throws {
        let lines = try PeerMessageExample.all.map(parts)
        let generated = "```\n\(lines.joined(separator: "\n"))\n```\n"
        try Self.page.check("messages", is: generated, suite: "ProtocolPageTests")
    }

    @Test("the bytes printed on the page are read back as the messages that they are said to be")
    func goldenMessages() throws {
        let text = try Self.page.text()
        for example in PeerMessageExample.all {
            let lines = text.split(separator: "\n").filter {
                $0.hasPrefix(padded(example.name)) && $0.contains(" 89706673680d0a1a ")
            }
            let line = try #require(lines.first, "\(example.name)")
            #expect(lines.count == 1, "\(example.name)")
            let digits = Array(line.dropFirst(20).filter { $0 != " " })
            let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(digits[$0...$0 + 1]), radix: 16)
            }
            let read = try WirePeerMessage(parsing: bytes, from: example.carrier)
            #expect(read.message == example.message)
            #expect(read.modelName == PeerMessageExample.modelName)
            #expect(read.fileName == PeerMessageExample.fileName)
        }
    }

    @Test("the table of kinds has the kind and the way of every message")
    func kinds() throws {
        let rows = try Self.page.rows(under: "## Messages as bytes").filter { $0.count == 4 }
        for kind in PeerMessageKind.allCases {
            let row = try #require(rows.first { $0[0] == "\(kind.rawValue)" }, "\(kind)")
            #expect(row[1] == "\(kind)")
            #expect(row[2] == (kind.isBroadcast ? "UDP" : "TCP"))
        }
        // Two headings, and the two frames that carry a file.
        let frames = [WireFileHeader.kind, WirePiece.kind]
        for kind in frames { #expect(rows.contains { $0[0] == "\(kind)" }) }
        #expect(rows.count == PeerMessageKind.allCases.count + frames.count + 2)
    }

    /// A default as the page prints it.
    private func text(_ parameter: ModelParameter) -> String {
        let value = parameter.standard
        switch parameter.unit {
        case .duration:
            let units: [(Int64, String)] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs")]
            for (length, unit) in units where value % length == 0 {
                return "\(value / length) \(unit)"
            }
            return "\(value) ns"
        case .rate: return "\(value / 1_000_000) Mbit/s"
        case .count, .size: return "\(value)"
        case .flag: return value == 1 ? "on" : "off"
        }
    }

    @Test("the page has every parameter of the model with its default and its mark")
    func parameters() throws {
        let headings = ["## Numbers of the protocol", "## Numbers of the world"]
        let rows = try headings.flatMap { try Self.page.rows(under: $0).dropFirst(2) }
        let expected = ModelParameter.all.map { [$0.name, text($0), $0.mark.description] }
        let sorted = expected.sorted { $0[0] < $1[0] }
        #expect(rows.map { Array($0.prefix(3)) }.sorted { $0[0] < $1[0] } == sorted)
    }

    @Test("the limits in the text are the codec's")
    func limits() throws {
        let text = try Self.page.text()
        let least = WirePeerMessage.leastBytes
        let most = WirePeerMessage.mostBytes
        #expect(text.contains("length of the whole message, \(least) to \(most)"))
        #expect(text.contains("A message is at most \(most) bytes"))
        #expect(text.contains("1 to \(WirePeerMessage.modelNameByteLimit), and the name"))
        #expect(text.contains("1 to \(WirePeerMessage.fileNameByteLimit), and the name"))
        #expect(text.contains("depth 1, at most \(WirePeerMessage.depthLimit)"))
        #expect(PeerParameters().depthLimit == WirePeerMessage.depthLimit)
        let codes = FailureReason.allCases.map { "\($0.rawValue)" }
        let list = codes.dropLast().joined(separator: ", ") + " or " + codes[codes.count - 1]
        #expect(text.contains("CUCM's failure code 1: \(list)"))
    }
}
