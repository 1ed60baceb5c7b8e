// How late the phones of an attached world are served: from when a deadline was due, or a message came, to
// when it was handled.

/// Lags in microseconds.
struct LagMeter {
    /// The latest lags that are kept; own choice, some minutes of a hundred phones.
    private static let capacity = 65_536

    private var lags: [Int32] = []
    private var next = 0
    /// How many there were.
    private(set) var count = 0
    /// The longest ever.
    private(set) var worstMicroseconds: Int64 = 0

    mutating func note(nanoseconds: Int64) {
        let lag = max(nanoseconds / 1_000, 0)
        worstMicroseconds = max(worstMicroseconds, lag)
        count += 1
        if lags.count < Self.capacity {
            lags.append(Int32(clamping: lag))
        } else {
            lags[next] = Int32(clamping: lag)
            next = (next + 1) % Self.capacity
        }
    }

    /// The lag that so many hundredths of the latest do not exceed; nil before there is any.
    func percentile(_ hundredths: Int) -> Int64? {
        guard !lags.isEmpty else { return nil }
        let sorted = lags.sorted()
        let place = (sorted.count * hundredths + 99) / 100 - 1
        return Int64(sorted[min(max(place, 0), sorted.count - 1)])
    }
}
