// What configuration files of phones have in common: elements that the simulation makes something of
// at one of three levels, and a list of everything that it makes nothing of.

/// Something in a file of which nothing is made.
public struct IgnoredElement: Hashable, Sendable {
    /// Its path from the root, names joined by `/`.
    public let path: String
    /// Why, in a few words.
    public let reason: String
    /// The text in it, at most `textLimit` characters; empty where it holds elements.
    public let text: String
    /// The line on which it begins.
    public let line: Int

    /// The most characters kept of a text; own choice.
    public static let textLimit = 60

    init(_ element: XMLElement, in parent: String, _ reason: String) {
        path = parent.isEmpty ? element.name : "\(parent)/\(element.name)"
        self.reason = reason
        text = element.children.isEmpty ? String(element.text.prefix(Self.textLimit)) : ""
        line = element.line
    }
}

/// The value of `peerFirmwareSharing` as files write it.
public enum SharingText: Hashable, Sendable {
    /// `1` or `true`.
    case on
    /// `255` or `false`.
    case off
    /// `0`: disabled by one source, what the level above says by another (both attested).
    case zero

    init?(_ text: String) {
        switch text.lowercased() {
        case "1", "true": self = .on
        case "255", "false": self = .off
        case "0": self = .zero
        default: return nil
        }
    }
}

/// What one level of a file says: `vendorConfig`, `commonConfig` or `enterpriseConfig`.
///
/// What is not there, or empty, says nothing.
public struct ConfigurationLevel: Hashable, Sendable {
    /// The switch of peer firmware sharing.
    public var sharing: SharingText?
    /// The Load Server.
    public var loadServer: IPv4Address?
    /// The Log Server.
    public var logServer: LogServer?

    /// Whether nothing is said.
    public var isEmpty: Bool { self == ConfigurationLevel() }

    /// A level that says nothing.
    public init() {}

    /// Reads the children of `element`; what nothing is made of goes into `ignored`.
    mutating func read(_ element: XMLElement, _ ignored: inout [IgnoredElement], in root: String) {
        let path = "\(root)/\(element.name)"
        for child in element.children {
            let text = child.text
            // chan-sccp writes all names small.
            switch child.name.lowercased() {
            case "peerfirmwaresharing" where text.isEmpty: continue
            case "peerfirmwaresharing":
                guard let value = SharingText(text) else {
                    ignored.append(
                        IgnoredElement(child, in: path, "not one of 0, 1, true, false, 255")
                    )
                    continue
                }
                sharing = value
            case "loadserver" where text.isEmpty || text == Self.notReceived: continue
            case "loadserver":
                guard let address = IPv4Address(text) else {
                    ignored.append(
                        IgnoredElement(child, in: path, "no IPv4 address: names are not looked up")
                    )
                    continue
                }
                loadServer = address
            case "logserver" where text.isEmpty || text == Self.notReceived: continue
            case "logserver":
                guard let server = LogServer(text) else {
                    ignored.append(
                        IgnoredElement(child, in: path, "not ADDRESS:PORT@@base=N;pfs=N")
                    )
                    continue
                }
                logServer = server
            default: ignored.append(IgnoredElement(child, in: path, IgnoredElement.noPartReason))
            }
        }
    }

    /// What chan-sccp's templates hold where nothing was entered.
    private static let notReceived = "NOT_RCVD"

    /// The level as an element; nil when it says nothing.
    ///
    /// Off is written as 0, which the maker's phones understand (attested).
    public func element(_ name: String) -> XMLElement? {
        var children: [XMLElement] = []
        if let sharing {
            children.append(XMLElement("peerFirmwareSharing", text: sharing == .on ? "1" : "0"))
        }
        if let loadServer {
            children.append(XMLElement("loadServer", text: loadServer.description))
        }
        if let logServer {
            children.append(XMLElement("logServer", text: logServer.description))
        }
        return children.isEmpty ? nil : XMLElement(name, children: children)
    }
}

extension IgnoredElement {
    /// The reason for all that phones have and the simulation has not.
    public static let noPartReason = "no part of the simulation"
}

/// Why a file is no configuration of phones, though it is XML.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, lower case, without a full stop.
    public let description: String
}
