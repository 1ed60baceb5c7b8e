// An XML document as a tree of values, and such a tree as text. Only what phones' configuration
// needs: elements, attributes, text; a parser outside makes the tree, with its own bounds.

/// An element with all that is in it.
public struct XMLElement: Equatable, Sendable {
    /// An attribute of an element.
    public struct Attribute: Equatable, Sendable {
        /// Its name.
        public let name: String
        /// Its value, references resolved.
        public let value: String

        /// An attribute of a name and a value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Its name, with a prefix if it has one.
    public let name: String
    /// Its attributes in their order.
    public var attributes: [Attribute]
    /// The text directly in it, without blanks and line ends at both ends.
    public var text: String
    /// The elements in it, in their order.
    public var children: [XMLElement]
    /// The line on which it begins, counted from 1; 0 for an element that was never read.
    public let line: Int

    /// An element of a name with what is in it.
    public init(
        _ name: String,
        attributes: [Attribute] = [],
        text: String = "",
        children: [XMLElement] = [],
        line: Int = 0
    ) {
        self.name = name
        self.attributes = attributes
        self.text = text
        self.children = children
        self.line = line
    }

    /// The first child of a name.
    public func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The value of an attribute.
    public func attribute(_ name: String) -> String? {
        attributes.first { $0.name == name }?.value
    }

    /// How many elements it is, itself among them.
    public var elementCount: Int { children.reduce(1) { $0 + $1.elementCount } }

    /// The document whose root this is, in UTF-8, two blanks to a level.
    public var document: String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        write(to: &text, depth: 0)
        return text
    }

    private func write(to document: inout String, depth: Int) {
        let indent = String(repeating: "  ", count: depth)
        document += "\(indent)<\(name)"
        for attribute in attributes {
            document += " \(attribute.name)=\"\(Self.escaped(attribute.value))\""
        }
        if children.isEmpty {
            document += text.isEmpty ? "/>\n" : ">\(Self.escaped(text))</\(name)>\n"
            return
        }
        document += ">\(Self.escaped(text))\n"
        for child in children { child.write(to: &document, depth: depth + 1) }
        document += "\(indent)</\(name)>\n"
    }

    /// Text as it stands in a document; what XML cannot hold is left out.
    public static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": continue
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
