// The Log Server field: where a phone sends its log, and the switch that puts the lines of peer
// firmware sharing among it. The form is that of the administration guides of the 7800 and 8800
// series [attested]; what `base` means is not public, so it is kept as it was read.

/// The value of a Log Server field: `address:<port>@@base=<0-7>;pfs=<0-1>`.
public struct LogServer: BitwiseCopyable, Hashable, Sendable, CustomStringConvertible {
    /// The port where the field names none (attested by the guides of multiplatform phones).
    public static let standardPort: UInt16 = 514
    /// The most characters of the field (attested: 256).
    public static let characterLimit = 256

    /// Where to.
    public var address: IPv4Address
    /// The UDP port, 1 to 65535.
    public var port: UInt16
    /// What stands behind `base=`, 0 to 7; nil where it was not said.
    public var base: UInt8?
    /// Whether the lines of peer firmware sharing are sent, `pfs=1`.
    ///
    /// Nil where it was not said, which counts as no [modelled].
    public var sendsSharing: Bool?

    /// A Log Server of an address.
    public init(
        _ address: IPv4Address,
        port: UInt16 = LogServer.standardPort,
        base: UInt8? = nil,
        sendsSharing: Bool? = nil
    ) {
        self.address = address
        self.port = port
        self.base = base
        self.sendsSharing = sendsSharing
    }

    /// Reads the field; nil when it is anything else, such as a name or an IPv6 address.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.characterLimit else { return nil }
        let (place, options) = Self.halves(text)
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPv4Address(parts[0]) else { return nil }
        self.init(address)
        if parts.count == 2 {
            guard let port = Self.number(parts[1], in: 1...65535) else { return nil }
            self.port = UInt16(port)
        }
        guard let options else { return }
        for option in options.split(separator: ";", omittingEmptySubsequences: false) {
            let pair = option.split(separator: "=", omittingEmptySubsequences: false)
            guard pair.count == 2 else { return nil }
            switch pair[0] {
            case "base" where base == nil:
                guard let value = Self.number(pair[1], in: 0...7) else { return nil }
                base = UInt8(value)
            case "pfs" where sendsSharing == nil:
                guard let value = Self.number(pair[1], in: 0...1) else { return nil }
                sendsSharing = value == 1
            default: return nil
            }
        }
    }

    /// The field as it would be entered, the port always with it.
    public var description: String {
        var options: [String] = []
        if let base { options.append("base=\(base)") }
        if let sendsSharing { options.append("pfs=\(sendsSharing ? 1 : 0)") }
        let tail = options.isEmpty ? "" : "@@" + options.joined(separator: ";")
        return "\(address):\(port)\(tail)"
    }

    /// What stands before `@@`, and what behind it.
    private static func halves<Text: StringProtocol>(
        _ text: Text
    ) -> (Text.SubSequence, Text.SubSequence?) {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index...].hasPrefix("@@") {
                return (text[..<index], text[text.index(index, offsetBy: 2)...])
            }
            index = text.index(after: index)
        }
        return (text[...], nil)
    }

    /// A number without sign and leading blanks.
    private static func number(_ text: some StringProtocol, in range: ClosedRange<Int>) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(text), range.contains(number)
        else { return nil }
        return number
    }
}
