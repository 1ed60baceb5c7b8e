// Virtual time that keeps step with the clock on the wall, for somebody who wants to look on. What
// happens is the same at every speed: between two events nothing is done but to wait.

import Glibc
import Interpreter
import PFSRuntime

/// How fast virtual time passes.
enum PlaySpeed: Equatable {
    /// As fast as the machine can.
    case most
    /// So many thousandths of a second of virtual time in a millisecond of wall time.
    case times(thousandths: Int64)

    /// What `realtime` stands for.
    static let realTime = PlaySpeed.times(thousandths: 1_000)

    /// As it is written: `max`, `1`, `2.5`.
    var text: String {
        switch self {
        case .most: return "max"
        case .times(let thousandths):
            let rest = String(thousandths % 1_000 + 1_000).dropFirst()
            let digits = String(rest.reversed().drop { $0 == "0" }.reversed())
            return "\(thousandths / 1_000)" + (digits.isEmpty ? "" : ".\(digits)")
        }
    }
}

extension PlaySpeed: ArgumentType {
    /// The fastest, in thousandths: a million times.
    private static let mostThousandths: Int64 = 1_000_000_000

    static var argumentKind: ArgumentKind {
        .word("SPEED", phrase: "a number such as 10, `max` or `realtime`")
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> PlaySpeed {
        switch argument.text {
        case "max": return .most
        case "realtime": return .realTime
        default: break
        }
        let parts = argument.text.split(separator: ".", omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? parts[1] : "0"
        guard parts.count <= 2, (1...3).contains(decimals.utf8.count),
            (parts[0] + decimals).utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let whole = Int64(parts[0]), whole <= mostThousandths / 1_000,
            let rest = Int64(decimals + String(repeating: "0", count: 3 - decimals.utf8.count)),
            (1...mostThousandths).contains(whole * 1_000 + rest)
        else {
            throw argument.error(
                "expected \(argumentKind.phrase), not `\(argument.text)`",
                hints: ["0.001 to 1000000"]
            )
        }
        return .times(thousandths: whole * 1_000 + rest)
    }
}

/// Where virtual and wall time met, and how fast the one follows the other.
struct Pace {
    private let thousandths: Int64
    private let wallBegin: Int64
    private let begin: Instant

    /// From now on; nil where time passes as fast as it can.
    init?(_ speed: PlaySpeed, from begin: Instant) {
        guard case .times(let thousandths) = speed else { return nil }
        self.thousandths = thousandths
        self.begin = begin
        wallBegin = Self.wallNanoseconds()
    }

    /// Waits until an instant has come; false when the user stopped it before.
    func wait(for instant: Instant, isStopping: () -> Bool) -> Bool {
        let ahead = (instant - begin).nanoseconds
        let (high, low) = ahead.multipliedFullWidth(by: 1_000)
        // Longer than the clock of any machine runs.
        let wall =
            high == 0 && low <= UInt64(Int64.max)
            ? Int64(low) / thousandths : Int64.max / 2
        while true {
            if isStopping() { return false }
            let left = wallBegin + wall - Self.wallNanoseconds()
            guard left > 0 else { return true }
            var time = timespec(tv_sec: 0, tv_nsec: Int(min(left, Self.sliceNanoseconds)))
            nanosleep(&time, nil)
        }
    }

    /// Between two looks at the keyboard.
    private static let sliceNanoseconds: Int64 = 20_000_000

    private static func wallNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
