// The functions that the language itself brings: counting and summing up.

/// A function of the language.
enum BuiltInFunction: String, CaseIterable {
    case count, min, max, mean, sum, percentile

    var signature: FunctionSignature {
        switch self {
        case .count:
            FunctionSignature(
                name: rawValue,
                parameters: [.selector],
                result: .integer,
                help: "How many objects a selector finds."
            )
        case .min: aggregate("The smallest of the values.")
        case .max: aggregate("The largest of the values.")
        case .mean: aggregate("The sum divided by the number of values, without remainder.")
        case .sum: aggregate("The sum of the values.")
        case .percentile:
            FunctionSignature(
                name: rawValue,
                parameters: [.value(placeholder: "PERCENT"), .values],
                result: nil,
                help: "The smallest value that PERCENT of the values do not exceed."
            )
        }
    }

    private func aggregate(_ help: String) -> FunctionSignature {
        FunctionSignature(name: rawValue, parameters: [.values], result: nil, help: help)
    }

    static let signatures = allCases.map(\.signature)

    /// Sums `values` up; absent ones do not count, and of nothing there is no result.
    func result(
        _ values: [Value],
        percent: Value?,
        at range: SourceRange
    ) throws(Diagnostic) -> Value {
        let present = values.filter { $0 != .none }
        guard let first = present.first else { return .none }
        switch self {
        case .count: return .integer(Int64(present.count))
        case .min, .max:
            var best = first
            let better: BinaryOperator = self == .min ? .less : .greater
            for value in present.dropFirst()
            where try Arithmetic.compare(better, value, best, at: range) {
                best = value
            }
            return best
        case .sum, .mean:
            var sum = first
            for value in present.dropFirst() {
                sum = try Arithmetic.combine(.plus, sum, value, at: range)
            }
            if self == .sum { return sum }
            return try Arithmetic.combine(
                .divided,
                sum,
                .integer(Int64(present.count)),
                at: range
            )
        case .percentile: return try rank(present, percent ?? .none, at: range)
        }
    }

    /// The nearest-rank percentile: the value at place ceiling(share * count) in ascending order.
    private func rank(
        _ values: [Value],
        _ percent: Value,
        at range: SourceRange
    ) throws(Diagnostic) -> Value {
        guard case .percent(let parts) = percent, (0...1_000_000).contains(parts) else {
            throw Diagnostic(
                "a percentile is of 0% to 100%, not \(percent.literal)",
                at: range
            )
        }
        for value in values where value.type != values[0].type || value.amount == nil {
            throw Diagnostic("percentile takes numbers of one type", at: range)
        }
        let sorted = values.sorted { ($0.amount ?? 0) < ($1.amount ?? 0) }
        let place = (Int128(parts) * Int128(sorted.count) + 999_999) / 1_000_000
        return sorted[Swift.max(0, Int(place) - 1)]
    }
}
