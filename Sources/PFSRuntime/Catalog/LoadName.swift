// The names of firmware loads: what a phone is told to run. A name is a family, which says the
// models and the protocol, and a version. Case counts, as it does on a TFTP server.

/// The signalling protocol that a phone speaks to CUCM; each has firmware of its own.
public enum DeviceProtocol: UInt8, BitwiseCopyable, CaseIterable, Sendable, CustomStringConvertible
{
    /// Skinny Client Control Protocol.
    case sccp
    /// Session Initiation Protocol.
    case sip

    /// Reads `sccp` or `sip`, whatever the case.
    public init?(_ text: some StringProtocol) {
        switch text.lowercased() {
        case "sccp": self = .sccp
        case "sip": self = .sip
        default: return nil
        }
    }

    /// The capital letters that CUCM prints.
    public var description: String {
        switch self {
        case .sccp: "SCCP"
        case .sip: "SIP"
        }
    }
}

/// The name of a firmware load, without `.loads`: `SCCP41.9-4-2SR2-2S`, `P0030801SR02`.
public struct LoadName: Hashable, Sendable, CustomStringConvertible {
    /// The most characters that a name may have; a model's limit, the longest known has 24.
    public static let characterLimit = 64

    /// The name itself.
    public let text: String
    /// The part that says models and protocol: `SCCP41`, `sip78xx`, `P003`; the whole name when it
    /// has no version.
    public let family: String
    /// The version that the name states; nil when it states none that can be read.
    public let version: FirmwareVersion?

    /// Reads a name; `.loads` at its end is cut off.
    ///
    /// Throws when the text is empty, longer than `characterLimit` or holds a character other than
    /// an ASCII letter, a digit, `.`, `-` or `_`.
    public init(_ text: some StringProtocol) throws(LoadNameError) {
        let name = Self.hasSuffix(text) ? String(text.dropLast(6)) : String(text)
        guard !name.isEmpty else { throw .empty }
        guard name.utf8.count <= Self.characterLimit else { throw .tooLong }
        for character in name where !Self.isAllowed(character) {
            throw .badCharacter(character)
        }
        self.init(checked: name)
    }

    /// A name that is known to be well formed: one of the built-in table.
    init(checked name: String) {
        text = name
        (family, version) = Self.parts(of: name)
    }

    /// Whether the text ends in `.loads`, the suffix that belongs to the file and not to the name.
    public static func hasSuffix(_ text: some StringProtocol) -> Bool { text.hasSuffix(".loads") }

    /// The manifest's file name: the name with `.loads`.
    public var fileName: String { text + ".loads" }

    /// The name.
    public var description: String { text }

    private static func isAllowed(_ character: Character) -> Bool {
        character.isASCII
            && (character.isLetter || character.isNumber || character == "." || character == "-"
                || character == "_")
    }

    /// Splits into family and version, by the three schemes that loads are named by.
    private static func parts(of name: String) -> (String, FirmwareVersion?) {
        if let packed = packedParts(of: name) { return packed }
        if let split = name.firstIndex(where: { $0 == "." || $0 == "-" }) {
            var cursor = TextCursor(name[name.index(after: split)...])
            if let version = FirmwareVersion.read(from: &cursor) {
                return (String(name[..<split]), version)
            }
        }
        return (name, nil)
    }

    /// The second generation's scheme: `P003`, then two digits each, then `SR` and two digits.
    private static func packedParts(of name: String) -> (String, FirmwareVersion?)? {
        guard name.hasPrefix("P003") || name.hasPrefix("P0S3") else { return nil }
        let family = String(name.prefix(4))
        var cursor = TextCursor(name.dropFirst(4))
        if cursor.skip("-") {
            return (family, FirmwareVersion.read(from: &cursor))
        }
        guard let major = cursor.fixedNumber(digits: 2), let minor = cursor.fixedNumber(digits: 2)
        else { return (family, nil) }
        if cursor.skip("SR") {
            let service = cursor.fixedNumber(digits: 2) ?? 0
            return (
                family,
                FirmwareVersion(
                    UInt16(major),
                    UInt16(minor),
                    0,
                    serviceRelease: UInt16(service)
                )
            )
        }
        let maintenance = cursor.fixedNumber(digits: 2) ?? 0
        return (family, FirmwareVersion(UInt16(major), UInt16(minor), UInt16(maintenance)))
    }
}

/// Why a text is no load name.
public enum LoadNameError: Error, Hashable, CustomStringConvertible {
    /// There is no name before the suffix.
    case empty
    /// The name is longer than `LoadName.characterLimit`.
    case tooLong
    /// A character that no load name holds.
    case badCharacter(Character)

    /// What was expected, for a diagnostic.
    public var description: String {
        switch self {
        case .empty: "a load name is empty"
        case .tooLong: "a load name has at most \(LoadName.characterLimit) characters"
        case .badCharacter(let character):
            "a load name holds letters, digits, `.`, `-` and `_`, not `\(character)`"
        }
    }
}
