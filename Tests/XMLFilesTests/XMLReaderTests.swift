// XML from outside: what is read, and that everything else is refused with a place and without growing.

import PFSRuntime
import Testing

@testable import XMLFiles

@Suite("XML") struct XMLReaderTests {
    private func read(_ text: String) throws(XMLReadError) -> XMLElement {
        try XMLReader.read(Array(text.utf8))
    }

    private func refusal(_ text: String) -> XMLReadError? {
        do throws(XMLReadError) {
            _ = try read(text)
            return nil
        } catch {
            return error
        }
    }

    private static let sample = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- a comment -->
        <device  xsi:type="axl:XIPPhone">
          <loadInformation model='IP "7961"'> SCCP41.9-4-2SR2-2S </loadInformation>
          <vendorConfig><x>a &lt; b &amp; &#99;</x><y/><![CDATA[<z>]]></vendorConfig>
        </device>
        """

    @Test("elements, attributes, text, references and sections are read, and comments passed over")
    func reading() throws {
        let root = try read(Self.sample)
        #expect(root.name == "device" && root.attribute("xsi:type") == "axl:XIPPhone")
        #expect(root.children.map(\.name) == ["loadInformation", "vendorConfig"])
        #expect(root.children[0].text == "SCCP41.9-4-2SR2-2S")
        #expect(root.children[0].attribute("model") == "IP \"7961\"")
        #expect(root.children[1].child("x")?.text == "a < b & c")
        #expect(root.children[1].text == "<z>")
        #expect(root.children.map(\.line) == [4, 5])
        #expect(root.elementCount == 5)
    }

    @Test("what is written is read again as it was, whatever the text")
    func roundTrip() throws {
        let texts = ["", "a", "<&>\"'", "ü漢🎉", "tab\tline\nreturn\rend", "]]>", "a\u{0}\u{1}b"]
        let children = texts.map {
            XMLElement("x", attributes: [XMLElement.Attribute("y", $0)], text: $0)
        }
        let root = try read(XMLElement("r", children: children).document)
        let expected = texts.map { $0.filter { $0 != "\u{0}" && $0 != "\u{1}" } }
        #expect(root.children.map(\.text) == expected)
        #expect(root.children.map { $0.attribute("y") } == expected)
    }

    @Test("a document type is refused before any entity could grow")
    func entities() throws {
        let bomb = """
            <!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>
            <d>&c;</d>
            """
        #expect(refusal(bomb)?.reason == "a document type: pfsh expands no entities")
        let outside = "<!DOCTYPE d SYSTEM \"/etc/passwd\">\n<d/>"
        #expect(refusal(outside)?.line == 1)
        #expect(try #require(refusal("<d>&c;</d>")).offset == 3)
    }

    @Test("depth, elements, attributes and bytes are bounded")
    func bounds() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(refusal(nested(XMLReader.depthLimit)) == nil)
        let deep = try #require(refusal(nested(XMLReader.depthLimit + 1)))
        #expect(deep.reason.contains("deep") && deep.offset == 3 * XMLReader.depthLimit)
        func wide(_ count: Int) -> String {
            "<a>" + String(repeating: "<b/>", count: count) + "</a>"
        }
        #expect(refusal(wide(XMLReader.elementLimit - 1)) == nil)
        #expect(refusal(wide(XMLReader.elementLimit))?.reason.contains("elements") == true)
        func many(_ count: Int) -> String {
            "<a " + (0..<count).map { "b\($0)=''" }.joined(separator: " ") + "/>"
        }
        #expect(refusal(many(XMLReader.attributeLimit)) == nil)
        #expect(refusal(many(XMLReader.attributeLimit + 1))?.reason.contains("attributes") == true)
        let large = "<a>" + String(repeating: "x", count: XMLReader.byteLimit) + "</a>"
        #expect(refusal(large)?.reason.contains("bytes") == true)
    }

    @Test("cut at each length, a document is refused")
    func truncation() throws {
        let bytes = Array(Self.sample.utf8)
        for length in bytes.indices {
            #expect(throws: XMLReadError.self) { try XMLReader.read(Array(bytes[..<length])) }
        }
    }

    @Test("other encodings are read, and unknown ones refused")
    func encodings() throws {
        let latin = Array("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>".utf8) + [0xFC]
        #expect(try XMLReader.read(latin + Array("</a>".utf8)).text == "ü")
        let wide: [UInt8] =
            [0xFE, 0xFF] + "<a>ü</a>".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        #expect(try XMLReader.read(wide).text == "ü")
        #expect(refusal("<?xml version=\"1.0\" encoding=\"ebcdic-x\"?><a/>") != nil)
        #expect(throws: XMLReadError.self) { try XMLReader.read(Array("<a>".utf8) + [0xFF, 0xFE]) }
    }
}
