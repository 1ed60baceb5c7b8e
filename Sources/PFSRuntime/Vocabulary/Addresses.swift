// Addresses as values: IPv4, a subnet in CIDR form, MAC. Parsing is total: anything that is not one
// gives nil, and the caller says what was expected.

/// An IPv4 address.
public struct IPv4Address: BitwiseCopyable, Comparable, Hashable, Sendable, CustomStringConvertible
{
    /// The address as a number, first byte highest.
    public var bits: UInt32

    /// Makes an address of its 32 bits.
    public init(bits: UInt32) { self.bits = bits }

    /// Reads dotted-decimal text such as `10.4.0.11`; nil when it is anything else.
    ///
    /// Exactly four numbers of one to three digits, 0 to 255.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count),
                part.utf8.allSatisfy({ (48...57).contains($0) }),
                let byte = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(byte)
        }
        self.bits = bits
    }

    /// Dotted decimal.
    public var description: String {
        "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    }

    /// The lower number comes first.
    public static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.bits < right.bits }
}

/// An IPv4 subnet in CIDR form, such as `10.4.0.0/24`.
public struct IPv4Network: BitwiseCopyable, Hashable, Sendable, CustomStringConvertible {
    /// The subnet's first address, host bits zero.
    public let base: IPv4Address
    /// The number of leading bits that all addresses share, 0 to 32.
    public let prefixLength: Int

    /// Reads CIDR text; nil when it is not CIDR or has host bits set.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let base = IPv4Address(parts[0]),
            (1...2).contains(parts[1].utf8.count), let length = Int(parts[1]),
            (0...32).contains(length)
        else { return nil }
        self.base = base
        prefixLength = length
        guard base.bits & mask == base.bits else { return nil }
    }

    /// The network mask as bits.
    public var mask: UInt32 {
        prefixLength == 0 ? 0 : ~UInt32(0) << UInt32(32 - prefixLength)
    }

    /// The broadcast address: all host bits set.
    public var broadcast: IPv4Address { IPv4Address(bits: base.bits | ~mask) }

    /// How many addresses hosts can have: without network and broadcast address, all of a /31 or /32.
    public var hostCount: Int {
        let size = 1 << (32 - prefixLength)
        return prefixLength >= 31 ? size : size - 2
    }

    /// The first address that a host can have.
    public var firstHost: IPv4Address {
        prefixLength >= 31 ? base : IPv4Address(bits: base.bits + 1)
    }

    /// Whether a host of this subnet can have `address`.
    public func holdsHost(_ address: IPv4Address) -> Bool {
        guard address.bits & mask == base.bits else { return false }
        return prefixLength >= 31 || (address != base && address != broadcast)
    }

    /// CIDR text.
    public var description: String { "\(base)/\(prefixLength)" }
}

/// A MAC address: 48 bits.
public struct MACAddress: BitwiseCopyable, Hashable, Sendable, CustomStringConvertible {
    /// The address as a number, first byte highest; the upper 16 bits are zero.
    public let bits: UInt64

    /// Makes an address of the lower 48 bits of `bits`.
    public init(bits: UInt64) { self.bits = bits & 0xFFFF_FFFF_FFFF }

    /// Reads twelve hexadecimal digits, with or without `:`, `-` or `.` between them.
    public init?(_ text: some StringProtocol) {
        let digits = String(text).filter { $0 != ":" && $0 != "-" && $0 != "." }
        guard digits.utf8.count == 12, digits.allSatisfy(\.isHexDigit),
            let bits = UInt64(digits, radix: 16)
        else { return nil }
        self.bits = bits
    }

    /// Twelve upper-case hexadecimal digits, as in a phone's device name.
    public var description: String {
        let digits = String(bits, radix: 16, uppercase: true)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }
}
