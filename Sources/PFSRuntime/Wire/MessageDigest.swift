// MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4): the digests that firmware files carry. Written
// here because the core has no libraries; they check files for damage and the signatures of a test
// key, and keep no secret.

/// A digest that firmware files carry.
public enum DigestAlgorithm: UInt8, BitwiseCopyable, CaseIterable, Sendable, CustomStringConvertible
{
    /// 16 bytes; in the lists of the 7921.
    case md5
    /// 20 bytes; under the signatures of most phones' files.
    case sha1
    /// 32 bytes; in the headers of the 7800 series.
    case sha256

    /// The name that tools print.
    public var description: String {
        switch self {
        case .md5: "MD5"
        case .sha1: "SHA-1"
        case .sha256: "SHA-256"
        }
    }
}

/// A digest in the making: bytes go in piece by piece.
public struct MessageDigest: Sendable {
    /// Which digest it is.
    public let algorithm: DigestAlgorithm
    private var state: [UInt32]
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0
    private var words = [UInt32](repeating: 0, count: 64)

    /// A digest of nothing yet.
    public init(_ algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
        switch algorithm {
        case .md5: state = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
        case .sha1: state = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        case .sha256:
            state = [
                0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C,
                0x1F83_D9AB, 0x5BE0_CD19,
            ]
        }
        pending.reserveCapacity(64)
    }

    /// The digest of a whole message.
    public static func digest(_ algorithm: DigestAlgorithm, of bytes: [UInt8]) -> [UInt8] {
        var digest = MessageDigest(algorithm)
        digest.update(bytes[...])
        return digest.finished()
    }

    /// Takes the next bytes of the message.
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        byteCount &+= UInt64(bytes.count)
        var rest = bytes
        if !pending.isEmpty {
            let taken = rest.prefix(64 - pending.count)
            pending += taken
            rest = rest[taken.endIndex...]
            guard pending.count == 64 else { return }
            compress(pending[...])
            pending.removeAll(keepingCapacity: true)
        }
        while rest.count >= 64 {
            compress(rest.prefix(64))
            rest = rest.dropFirst(64)
        }
        pending += rest
    }

    /// The digest of what was taken so far.
    public func finished() -> [UInt8] {
        var copy = self
        let bits = byteCount &* 8
        var padding: [UInt8] = [0x80]
        while (copy.pending.count + padding.count) % 64 != 56 { padding.append(0) }
        let isLittleEndian = algorithm == .md5
        for index in 0..<8 {
            let shift = UInt64(8 * (isLittleEndian ? index : 7 - index))
            padding.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
        copy.update(padding[...])
        return copy.state.flatMap { word in
            (0..<4).map { index in
                let shift = UInt32(8 * (isLittleEndian ? index : 3 - index))
                return UInt8(truncatingIfNeeded: word >> shift)
            }
        }
    }

    private mutating func compress(_ block: ArraySlice<UInt8>) {
        var place = block.startIndex
        for index in 0..<16 {
            let first = UInt32(block[place])
            let second = UInt32(block[place + 1])
            let third = UInt32(block[place + 2])
            let fourth = UInt32(block[place + 3])
            words[index] =
                algorithm == .md5
                ? fourth << 24 | third << 16 | second << 8 | first
                : first << 24 | second << 16 | third << 8 | fourth
            place += 4
        }
        switch algorithm {
        case .md5: compressMD5()
        case .sha1: compressSHA1()
        case .sha256: compressSHA256()
        }
    }

    private mutating func compressMD5() {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        for step in 0..<64 {
            let mixed: UInt32
            let word: Int
            switch step / 16 {
            case 0: (mixed, word) = (b & c | ~b & d, step)
            case 1: (mixed, word) = (d & b | ~d & c, (5 * step + 1) % 16)
            case 2: (mixed, word) = (b ^ c ^ d, (3 * step + 5) % 16)
            default: (mixed, word) = (c ^ (b | ~d), 7 * step % 16)
            }
            let sum = a &+ mixed &+ Self.sines[step] &+ words[word]
            let turned = Self.left(sum, Self.turns[step / 16 * 4 + step % 4])
            (a, d, c, b) = (d, c, b, b &+ turned)
        }
        state[0] = state[0] &+ a
        state[1] = state[1] &+ b
        state[2] = state[2] &+ c
        state[3] = state[3] &+ d
    }

    private mutating func compressSHA1() {
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for step in 0..<80 {
            let place = step & 15
            if step >= 16 {
                words[place] = Self.left(
                    words[(step + 13) & 15] ^ words[(step + 8) & 15] ^ words[(step + 2) & 15]
                        ^ words[place],
                    1
                )
            }
            let mixed: UInt32
            let constant: UInt32
            switch step / 20 {
            case 0: (mixed, constant) = (b & c | ~b & d, 0x5A82_7999)
            case 1: (mixed, constant) = (b ^ c ^ d, 0x6ED9_EBA1)
            case 2: (mixed, constant) = (b & c | b & d | c & d, 0x8F1B_BCDC)
            default: (mixed, constant) = (b ^ c ^ d, 0xCA62_C1D6)
            }
            let sum = Self.left(a, 5) &+ mixed &+ e &+ constant &+ words[place]
            (e, d, c, b, a) = (d, c, Self.left(b, 30), a, sum)
        }
        state[0] = state[0] &+ a
        state[1] = state[1] &+ b
        state[2] = state[2] &+ c
        state[3] = state[3] &+ d
        state[4] = state[4] &+ e
    }

    private mutating func compressSHA256() {
        for step in 16..<64 {
            let (early, late) = (words[step - 15], words[step - 2])
            let first = Self.left(early, 25) ^ Self.left(early, 14) ^ early >> 3
            let second = Self.left(late, 15) ^ Self.left(late, 13) ^ late >> 10
            words[step] = words[step - 16] &+ first &+ words[step - 7] &+ second
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for step in 0..<64 {
            let sum = Self.left(e, 26) ^ Self.left(e, 21) ^ Self.left(e, 7)
            let choice = e & f ^ ~e & g
            let first = h &+ sum &+ choice &+ Self.roots[step] &+ words[step]
            let mixed = Self.left(a, 30) ^ Self.left(a, 19) ^ Self.left(a, 10)
            let majority = a & b ^ a & c ^ b & c
            (h, g, f, e, d, c, b) = (g, f, e, d &+ first, c, b, a)
            a = first &+ mixed &+ majority
        }
        let work = [a, b, c, d, e, f, g, h]
        for index in 0..<8 { state[index] = state[index] &+ work[index] }
    }

    private static func left(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word &<< count | word &>> (32 &- count)
    }

    /// MD5's rotations, four for each round (RFC 1321).
    private static let turns: [UInt32] = [
        7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21,
    ]

    /// MD5's constants: the first 32 bits of the sine of 1 to 64 (RFC 1321).
    private static let sines: [UInt32] = [
        0xD76A_A478, 0xE8C7_B756, 0x2420_70DB, 0xC1BD_CEEE, 0xF57C_0FAF, 0x4787_C62A,
        0xA830_4613, 0xFD46_9501, 0x6980_98D8, 0x8B44_F7AF, 0xFFFF_5BB1, 0x895C_D7BE,
        0x6B90_1122, 0xFD98_7193, 0xA679_438E, 0x49B4_0821, 0xF61E_2562, 0xC040_B340,
        0x265E_5A51, 0xE9B6_C7AA, 0xD62F_105D, 0x0244_1453, 0xD8A1_E681, 0xE7D3_FBC8,
        0x21E1_CDE6, 0xC337_07D6, 0xF4D5_0D87, 0x455A_14ED, 0xA9E3_E905, 0xFCEF_A3F8,
        0x676F_02D9, 0x8D2A_4C8A, 0xFFFA_3942, 0x8771_F681, 0x6D9D_6122, 0xFDE5_380C,
        0xA4BE_EA44, 0x4BDE_CFA9, 0xF6BB_4B60, 0xBEBF_BC70, 0x289B_7EC6, 0xEAA1_27FA,
        0xD4EF_3085, 0x0488_1D05, 0xD9D4_D039, 0xE6DB_99E5, 0x1FA2_7CF8, 0xC4AC_5665,
        0xF429_2244, 0x432A_FF97, 0xAB94_23A7, 0xFC93_A039, 0x655B_59C3, 0x8F0C_CC92,
        0xFFEF_F47D, 0x8584_5DD1, 0x6FA8_7E4F, 0xFE2C_E6E0, 0xA301_4314, 0x4E08_11A1,
        0xF753_7E82, 0xBD3A_F235, 0x2AD7_D2BB, 0xEB86_D391,
    ]

    /// SHA-256's constants: the first 32 bits of the fractional parts of the cube roots of the
    /// first 64 primes (FIPS 180-4).
    private static let roots: [UInt32] = [
        0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1,
        0x923F_82A4, 0xAB1C_5ED5, 0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3,
        0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174, 0xE49B_69C1, 0xEFBE_4786,
        0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
        0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147,
        0x06CA_6351, 0x1429_2967, 0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13,
        0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85, 0xA2BF_E8A1, 0xA81A_664B,
        0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
        0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A,
        0x5B9C_CA4F, 0x682E_6FF3, 0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208,
        0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
    ]
}
