// What can be said of a value before anything runs. A type is known only where every run gives it;
// in doubt it is unknown, because a false alarm is worse than a mistake that only a run shows. Any
// property may be absent, so `none` is no contradiction where a type is expected of it.

/// The type of an expression as far as its form tells.
enum StaticType: Equatable {
    /// Nothing has given it a value yet, as in the middle of working out types that need one
    /// another.
    case never

    /// Every run gives a value of this type, or `none`.
    case known(ValueType)

    /// Only a run can tell.
    case unknown

    static let bool = StaticType.known(.bool)
    static let integer = StaticType.known(.integer)
    static let duration = StaticType.known(.duration)
    static let string = StaticType.known(.string)

    /// The type, where it is known.
    var value: ValueType? {
        if case .known(let type) = self { return type }
        return nil
    }

    /// What is known of a value that is one or the other.
    func joined(with other: StaticType) -> StaticType {
        if self == .never { return other }
        if other == .never || self == other { return self }
        return .unknown
    }

    /// The words of an enumeration.
    var words: [String]? {
        if case .known(.enumeration(let words)) = self { return words }
        return nil
    }
}

extension ValueType {
    /// Whether values of the type are numbers with or without a unit.
    var isNumber: Bool {
        switch self {
        case .integer, .duration, .size, .rate, .percent: true
        default: false
        }
    }

    /// Whether values of the type are texts or words, which compare with one another.
    var isText: Bool {
        switch self {
        case .string, .enumeration: true
        default: false
        }
    }

    /// The type of what an operator of arithmetic gives; nil where it does not go with these.
    ///
    /// It is `Arithmetic.combine` without its values.
    static func result(_ name: BinaryOperator, _ left: ValueType, _ right: ValueType) -> ValueType?
    {
        switch (name, left, right) {
        case (.plus, .string, .string): return .string
        case (.plus, .list, .list): return .list
        default: break
        }
        guard left.isNumber, right.isNumber else { return nil }
        switch (name, left, right) {
        case (.plus, _, _), (.minus, _, _): return left == right ? left : nil
        case (.times, .percent, _): return right
        case (.times, _, .percent): return left
        case (.times, .integer, _): return right
        case (.times, _, .integer): return left
        case (.times, .rate, .duration), (.times, .duration, .rate): return .size
        case (.divided, _, _) where left == right: return .integer
        case (.divided, _, .integer): return left
        case (.divided, .size, .duration): return .rate
        case (.divided, .size, .rate): return .duration
        default: return nil
        }
    }

    /// Why two values cannot be compared by an operator; nil where they can.
    ///
    /// It is `Arithmetic.compare` without its values.
    static func objection(
        _ name: BinaryOperator,
        _ left: ValueType,
        _ right: ValueType
    ) -> String? {
        if left == .none || right == .none || left.isText && right.isText { return nil }
        guard left == right else {
            return "\(left.phrase) cannot be compared with \(right.phrase)"
        }
        if left.isNumber || name == .equal || name == .unequal { return nil }
        return "\(left.phrase) has no order"
    }
}
