// What operators do to values. Sums are of like with like; a product takes a quantity and a number;
// nothing traps: what does not fit 64 bits is a diagnostic. Quotients drop their remainder.

/// Arithmetic and comparison on values.
enum Arithmetic {
    static func combine(
        _ name: BinaryOperator,
        _ left: Value,
        _ right: Value,
        at range: SourceRange
    ) throws(Diagnostic) -> Value {
        if case .string(let first) = left, case .string(let second) = right, name == .plus {
            if first.utf8.count + second.utf8.count > Limits.stringBytes {
                throw Diagnostic("a text has at most \(Limits.stringBytes) bytes", at: range)
            }
            return .string(first + second)
        }
        if case .list(let first) = left, case .list(let second) = right, name == .plus {
            if first.count + second.count > Limits.listElements {
                throw Diagnostic("a list has at most \(Limits.listElements) elements", at: range)
            }
            return .list(first + second)
        }
        guard let first = left.amount, let second = right.amount else {
            throw unlike(name, left, right, at: range)
        }
        if name == .divided, second == 0 { throw Diagnostic("division by zero", at: range) }
        let result: Int128
        let type: ValueType
        switch (name, left.type, right.type) {
        case (.plus, let one, let other) where one == other: (result, type) = (first + second, one)
        case (.minus, let one, let other) where one == other: (result, type) = (first - second, one)
        case (.times, _, _):
            (result, type) = try product(left, right, first, second, at: range)
        case (.divided, let one, let other) where one == other:
            (result, type) = (first / second, .integer)
        case (.divided, let one, .integer): (result, type) = (first / second, one)
        case (.divided, .size, .duration):
            (result, type) = (first * 8 * 1_000_000_000 / second, .rate)
        case (.divided, .size, .rate):
            (result, type) = (first * 8 * 1_000_000_000 / second, .duration)
        default: throw unlike(name, left, right, at: range)
        }
        guard let amount = Int64(exactly: result) else {
            throw Diagnostic(
                "\(left.text) \(name.rawValue) \(right.text) is too large",
                at: range
            )
        }
        return type.value(amount)
    }

    private static func product(
        _ left: Value,
        _ right: Value,
        _ first: Int128,
        _ second: Int128,
        at range: SourceRange
    ) throws(Diagnostic) -> (Int128, ValueType) {
        switch (left.type, right.type) {
        case (.percent, let other): (first * second / 1_000_000, other)
        case (let one, .percent): (first * second / 1_000_000, one)
        case (.integer, let other): (first * second, other)
        case (let one, .integer): (first * second, one)
        case (.rate, .duration), (.duration, .rate): (first * second / 8 / 1_000_000_000, .size)
        default: throw unlike(.times, left, right, at: range)
        }
    }

    private static func unlike(
        _ name: BinaryOperator,
        _ left: Value,
        _ right: Value,
        at range: SourceRange
    ) -> Diagnostic {
        Diagnostic(
            "`\(name.rawValue)` does not go with \(left.type.phrase) (\(left.literal)) and "
                + "\(right.type.phrase) (\(right.literal))",
            at: range
        )
    }

    static func negative(_ value: Value, at range: SourceRange) throws(Diagnostic) -> Value {
        guard let amount = value.amount else {
            throw Diagnostic("`-` does not go with \(value.type.phrase)", at: range)
        }
        guard let negative = Int64(exactly: -amount) else {
            throw Diagnostic("-\(value.text) is too large", at: range)
        }
        return value.type.value(negative)
    }

    /// Compares two values.
    ///
    /// Nothing is equal to `none` but `none`, and it is neither less nor more than anything; other
    /// values of unlike types cannot be compared.
    static func compare(
        _ name: BinaryOperator,
        _ left: Value,
        _ right: Value,
        at range: SourceRange
    ) throws(Diagnostic) -> Bool {
        if left == .none || right == .none {
            switch name {
            case .equal: return left == right
            case .unequal: return left != right
            default: return false
            }
        }
        if let (first, second) = words(left, right) {
            return order(name, first == second, first < second)
        }
        guard left.type == right.type else {
            throw Diagnostic(
                "\(left.type.phrase) (\(left.literal)) cannot be compared with "
                    + "\(right.type.phrase) (\(right.literal))",
                at: range
            )
        }
        if let first = left.amount, let second = right.amount {
            return order(name, first == second, first < second)
        }
        guard name == .equal || name == .unequal else {
            throw Diagnostic("\(left.type.phrase) has no order", at: range)
        }
        return (left == right) == (name == .equal)
    }

    /// Both values as texts, if they are texts or words of an enumeration.
    private static func words(_ left: Value, _ right: Value) -> (String, String)? {
        switch (left, right) {
        case (.string(let first), .string(let second)): (first, second)
        case (.symbol(let first), .string(let second)): (first.name, second)
        case (.string(let first), .symbol(let second)): (first, second.name)
        case (.symbol(let first), .symbol(let second)): (first.name, second.name)
        default: nil
        }
    }

    private static func order(_ name: BinaryOperator, _ isEqual: Bool, _ isLess: Bool) -> Bool {
        switch name {
        case .equal: isEqual
        case .unequal: !isEqual
        case .less: isLess
        case .atMost: isLess || isEqual
        case .greater: !isLess && !isEqual
        default: !isLess
        }
    }
}

extension Value {
    /// The number in the smallest unit, wide enough for any one operation; nil if it is no number.
    var amount: Int128? {
        switch self {
        case .integer(let amount), .duration(let amount), .size(let amount), .rate(let amount),
            .percent(let amount):
            Int128(amount)
        default: nil
        }
    }
}

extension ValueType {
    /// A number of this type.
    func value(_ amount: Int64) -> Value {
        switch self {
        case .duration: .duration(nanoseconds: amount)
        case .size: .size(bytes: amount)
        case .rate: .rate(bitsPerSecond: amount)
        case .percent: .percent(partsPerMillion: amount)
        default: .integer(amount)
        }
    }
}
