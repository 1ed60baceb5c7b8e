// A run as a ticket tells of it: what was run, where it led, what went wrong; and enough to run it again
// and to name the first event that is another one. One plain-text file, for people first.

import Interpreter
import PFSRuntime

/// What a report says.
struct RunReport: Equatable {
    /// The first line of the file.
    static let heading = "pfsh report, format 1"
    /// The last line of a file that is whole.
    static let ending = "## End of report"
    /// The most bytes of a file: own choice, what a run of 400,000 events and the longest script take, and
    /// as much again.
    static let byteLimit = 16 << 20
    /// The most marks: own choice, a few screens.
    static let markLimit = 200
    /// The lines of the log that are told: own choice, a screen.
    static let logLineLimit = 40

    /// What was run.
    enum Origin: Equatable {
        /// A script from a file, with its arguments.
        case script(name: String, arguments: [String])
        /// The commands of `-c`, with their arguments.
        case commands(arguments: [String])
        /// What was typed, or came over a pipe, as `record` keeps it.
        case session
    }

    /// Where a run stood when it was told of.
    enum Stop: Equatable {
        /// The user stopped it behind this event.
        case event(UInt64)
        /// The script itself gave the order to report, for this time.
        case report(Int)

        /// The event, if it is one.
        var event: UInt64? { if case .event(let number) = self { number } else { nil } }
        /// The number of the report, if it is one.
        var report: Int? { if case .report(let number) = self { number } else { nil } }
    }

    /// A place of the run.
    struct Mark: Equatable {
        let nanoseconds: Int64
        let event: UInt64
        let fingerprint: UInt64
        /// What was ordered there, in short.
        var orders = ""
    }

    /// Another script that was read.
    struct File: Equatable {
        let name: String
        let text: String
    }

    /// The version of pfsh that ran it.
    var version: String
    /// The operating system, the architecture, the compiler, the terminal.
    var system: String
    var seed: UInt64
    /// Whether the call gave the seed.
    var isSeedGiven: Bool
    var origin: Origin
    /// Where it was before its end; nil where it came to its end.
    var stop: Stop?
    /// Why the run cannot be repeated as it stands; nil where it can.
    var obstacle: String?
    /// What was run, as a script.
    var text: String
    /// What it sourced.
    var files: [File] = []
    /// Where orders were given.
    var marks: [Mark] = []
    /// Where it ended.
    var end: Mark
    /// The last lines of the log.
    var logLines: [String] = []
    /// What went wrong, as it was printed; empty where nothing did.
    var failure: [String] = []
    /// A check of each event.
    var trail = EventTrail()
}

extension UInt64 {
    /// Sixteen hexadecimal digits.
    var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
