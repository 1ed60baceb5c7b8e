// XML text as a tree, by Expat. What comes from a file or the network is bounded before it is
// believed: no document type, and so no entities to expand, and limits to bytes, depth and elements.

internal import CExpat
public import PFSRuntime

/// Why a document is refused.
public struct XMLReadError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, lower case, without a full stop.
    public let reason: String
    /// The byte at which it was noticed, counted from 0.
    public let offset: Int
    /// The line at which it was noticed, counted from 1.
    public let line: Int

    /// The reason and the place.
    public var description: String { "\(reason) (line \(line), byte \(offset))" }
}

/// Reads XML documents.
public enum XMLReader {
    /// The most bytes of a document: what a phone loads as its configuration (attested: 2,048 KB).
    public static let byteLimit = 2_048 << 10
    /// The deepest that elements may lie in one another; own choice, configurations need nine.
    public static let depthLimit = 32
    /// The most elements of a document; own choice, configurations have some hundred.
    public static let elementLimit = 50_000
    /// The most attributes of an element; own choice.
    public static let attributeLimit = 64

    /// The root of a document in UTF-8, UTF-16, ISO-8859-1 or ASCII.
    ///
    /// Throws `XMLReadError` where it is not well formed, has a document type, or exceeds a limit.
    public static func read(_ bytes: [UInt8]) throws(XMLReadError) -> XMLElement {
        guard bytes.count <= byteLimit else {
            throw XMLReadError(
                reason: "more than \(byteLimit) bytes",
                offset: byteLimit,
                line: 1
            )
        }
        guard let parser = XML_ParserCreate(nil) else {
            throw XMLReadError(reason: "no memory for the parser", offset: 0, line: 1)
        }
        defer { XML_ParserFree(parser) }
        let builder = XMLTreeBuilder(parser)
        XML_SetUserData(parser, Unmanaged.passUnretained(builder).toOpaque())
        builder.install()
        let status = bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                XML_Parse(parser, $0.baseAddress, Int32($0.count), 1)
            }
        }
        if status != XML_STATUS_OK || builder.refusal != nil {
            let code = XML_GetErrorCode(parser)
            let words = XML_ErrorString(code).map { String(cString: $0) }
            throw builder.refusal
                ?? XMLReadError(
                    reason: words ?? "not well formed",
                    offset: max(0, Int(XML_GetCurrentByteIndex(parser))),
                    line: Int(XML_GetCurrentLineNumber(parser))
                )
        }
        guard let root = builder.root else {
            throw XMLReadError(reason: "no element", offset: 0, line: 1)
        }
        return root
    }
}

/// Puts the tree together while Expat calls it.
private final class XMLTreeBuilder {
    private let parser: XML_Parser
    private var open: [XMLElement] = []
    private var count = 0
    private(set) var root: XMLElement?
    /// Why and where reading was stopped, if it was.
    private(set) var refusal: XMLReadError?

    init(_ parser: XML_Parser) { self.parser = parser }

    func install() {
        XML_SetElementHandler(
            parser,
            { context, name, attributes in
                XMLTreeBuilder.of(context)?.begin(name, attributes)
            },
            { context, _ in XMLTreeBuilder.of(context)?.end() }
        )
        XML_SetCharacterDataHandler(parser) { context, text, length in
            XMLTreeBuilder.of(context)?.add(text, Int(length))
        }
        XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
            XMLTreeBuilder.of(context)?.refuse("a document type: pfsh expands no entities")
        }
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> XMLTreeBuilder? {
        context.map { Unmanaged<XMLTreeBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    private func refuse(_ reason: String) {
        guard refusal == nil else { return }
        refusal = XMLReadError(
            reason: reason,
            offset: max(0, Int(XML_GetCurrentByteIndex(parser))),
            line: Int(XML_GetCurrentLineNumber(parser))
        )
        XML_StopParser(parser, 0)
    }

    private func begin(
        _ name: UnsafePointer<CChar>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    ) {
        guard refusal == nil, let name else { return }
        count += 1
        guard open.count < XMLReader.depthLimit else {
            return refuse("elements more than \(XMLReader.depthLimit) deep")
        }
        guard count <= XMLReader.elementLimit else {
            return refuse("more than \(XMLReader.elementLimit) elements")
        }
        var read: [XMLElement.Attribute] = []
        var index = 0
        while let key = attributes?[index], let value = attributes?[index + 1] {
            guard read.count < XMLReader.attributeLimit else {
                return refuse("more than \(XMLReader.attributeLimit) attributes")
            }
            read.append(XMLElement.Attribute(String(cString: key), String(cString: value)))
            index += 2
        }
        let line = Int(XML_GetCurrentLineNumber(parser))
        open.append(XMLElement(String(cString: name), attributes: read, line: line))
    }

    private func add(_ text: UnsafePointer<CChar>?, _ length: Int) {
        guard refusal == nil, let text, !open.isEmpty else { return }
        let bytes = UnsafeRawBufferPointer(start: text, count: length)
        open[open.count - 1].text += String(decoding: bytes, as: UTF8.self)
    }

    private func end() {
        guard refusal == nil, var element = open.popLast() else { return }
        element.text = element.text.trimmed
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].children.append(element)
        }
    }
}

extension String {
    /// Without blanks, tabs and line ends at both ends.
    fileprivate var trimmed: String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var bytes = utf8[...]
        while let byte = bytes.first, isBlank(byte) { bytes.removeFirst() }
        while let byte = bytes.last, isBlank(byte) { bytes.removeLast() }
        return String(bytes) ?? self
    }
}
