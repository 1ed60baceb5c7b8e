// Whole numbers of some thousand bits, for checking RSA signatures: only what that takes. Its time
// depends on the values, which is right for public numbers and a test key and for nothing else.

/// A whole number without sign, of any length.
struct BigNumber: Equatable, Sendable {
    /// The digits to base 2⁶⁴, lowest first, without zeros at the top.
    private(set) var limbs: [UInt64]

    private init(limbs: [UInt64]) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
    }

    /// Reads bytes, the highest first.
    init(_ bytes: [UInt8]) {
        var limbs = [UInt64](repeating: 0, count: (bytes.count + 7) / 8)
        for (index, byte) in bytes.reversed().enumerated() {
            limbs[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8)
        }
        self.init(limbs: limbs)
    }

    /// Reads hexadecimal digits; all other characters are passed over.
    init(hexadecimal text: StaticString) {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text.description {
            guard let digit = character.hexDigitValue else { continue }
            if let first = high {
                bytes.append(first << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        self.init(bytes)
    }

    /// The lowest `count` bytes, the highest first.
    func bytes(count: Int) -> [UInt8] {
        (0..<count).reversed().map { index in
            guard index / 8 < limbs.count else { return 0 }
            return UInt8(truncatingIfNeeded: limbs[index / 8] >> UInt64(index % 8 * 8))
        }
    }

    /// How many bits it has, zeros at the top not counted.
    var bitCount: Int {
        guard let top = limbs.last else { return 0 }
        return limbs.count * 64 - top.leadingZeroBitCount
    }

    /// Whether it can be the modulus of `power`: odd and greater than one.
    var isOddModulus: Bool { bitCount > 1 && limbs[0] & 1 == 1 }

    /// Whether it is smaller than `other`.
    func isLess(than other: BigNumber) -> Bool {
        guard limbs.count == other.limbs.count else { return limbs.count < other.limbs.count }
        for (left, right) in zip(limbs.reversed(), other.limbs.reversed()) where left != right {
            return left < right
        }
        return false
    }

    /// The sum.
    func adding(_ other: BigNumber) -> BigNumber {
        var result: [UInt64] = []
        var carry: UInt64 = 0
        for index in 0..<max(limbs.count, other.limbs.count) {
            let left = index < limbs.count ? limbs[index] : 0
            let right = index < other.limbs.count ? other.limbs[index] : 0
            let (sum, first) = left.addingReportingOverflow(right)
            let (total, second) = sum.addingReportingOverflow(carry)
            result.append(total)
            carry = first || second ? 1 : 0
        }
        return BigNumber(limbs: result + [carry])
    }

    /// The difference; `other` must not be greater.
    func subtracting(_ other: BigNumber) -> BigNumber {
        precondition(!isLess(than: other), "a difference below zero")
        var result = limbs
        var borrow: UInt64 = 0
        for index in result.indices {
            let right = index < other.limbs.count ? other.limbs[index] : 0
            let (part, first) = result[index].subtractingReportingOverflow(right)
            let (total, second) = part.subtractingReportingOverflow(borrow)
            result[index] = total
            borrow = first || second ? 1 : 0
        }
        return BigNumber(limbs: result)
    }

    /// The product.
    func multiplied(by other: BigNumber) -> BigNumber {
        var result = [UInt64](repeating: 0, count: limbs.count + other.limbs.count)
        for (index, limb) in limbs.enumerated() {
            Self.add(limb, times: other.limbs, to: &result, at: index)
        }
        return BigNumber(limbs: result)
    }

    /// What is left after division; `modulus` must not be zero.
    func remainder(_ modulus: BigNumber) -> BigNumber {
        precondition(!modulus.limbs.isEmpty, "a division by zero")
        var rest = BigNumber(limbs: [])
        for bit in (0..<bitCount).reversed() {
            rest = rest.doubled(plus: limbs[bit / 64] >> UInt64(bit % 64) & 1)
            if !rest.isLess(than: modulus) { rest = rest.subtracting(modulus) }
        }
        return rest
    }

    /// This number to a power, modulo an odd number greater than one, by Montgomery's method.
    func power(_ exponent: BigNumber, modulo modulus: BigNumber) -> BigNumber {
        precondition(modulus.isOddModulus, "an even modulus")
        let size = modulus.limbs.count
        // The inverse of the lowest limb modulo 2⁶⁴, by Newton's iteration: each step doubles the
        // bits that are right, three at first.
        var inverse = modulus.limbs[0]
        for _ in 0..<5 { inverse = inverse &* (2 &- modulus.limbs[0] &* inverse) }
        let step = Reduction(modulus: modulus.limbs, negatedInverse: 0 &- inverse)
        let shift = BigNumber(limbs: [UInt64](repeating: 0, count: size) + [1])
        let base = multiplied(by: shift).remainder(modulus).padded(to: size)
        var result = shift.remainder(modulus).padded(to: size)
        for bit in (0..<exponent.bitCount).reversed() {
            result = step.product(result, result)
            if exponent.limbs[bit / 64] >> UInt64(bit % 64) & 1 == 1 {
                result = step.product(result, base)
            }
        }
        let one = [1] + [UInt64](repeating: 0, count: size - 1)
        return BigNumber(limbs: step.product(result, one))
    }

    private func padded(to size: Int) -> [UInt64] {
        limbs + [UInt64](repeating: 0, count: max(size - limbs.count, 0))
    }

    private func doubled(plus bit: UInt64) -> BigNumber {
        var result = limbs
        var carry = bit
        for index in result.indices {
            let next = result[index] >> 63
            result[index] = result[index] << 1 | carry
            carry = next
        }
        return BigNumber(limbs: result + [carry])
    }

    /// Adds `factor` times `number` to `sum` from place `start` on; the sum has room for it.
    private static func add(
        _ factor: UInt64,
        times number: [UInt64],
        to sum: inout [UInt64],
        at start: Int
    ) {
        var carry: UInt64 = 0
        var place = start
        for limb in number {
            let (high, low) = factor.multipliedFullWidth(by: limb)
            let (first, overflowed) = sum[place].addingReportingOverflow(low)
            let (second, carried) = first.addingReportingOverflow(carry)
            sum[place] = second
            // The high half of a product is at most 2⁶⁴ - 2, and both carries together fit on it.
            carry = high &+ (overflowed ? 1 : 0) &+ (carried ? 1 : 0)
            place += 1
        }
        while carry > 0, place < sum.count {
            let (total, overflowed) = sum[place].addingReportingOverflow(carry)
            sum[place] = total
            carry = overflowed ? 1 : 0
            place += 1
        }
    }

    /// Multiplication in Montgomery's form: numbers of the modulus's size, smaller than it.
    private struct Reduction {
        let modulus: [UInt64]
        let negatedInverse: UInt64

        func product(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
            let size = modulus.count
            var sum = [UInt64](repeating: 0, count: 2 * size + 1)
            for index in 0..<size { add(left[index], times: right, to: &sum, at: index) }
            for index in 0..<size {
                add(sum[index] &* negatedInverse, times: modulus, to: &sum, at: index)
            }
            let high = BigNumber(limbs: Array(sum[size...]))
            let limit = BigNumber(limbs: modulus)
            let reduced = high.isLess(than: limit) ? high : high.subtracting(limit)
            return reduced.padded(to: size)
        }
    }
}
