// A run as its logs tell it: when each phone had which file from whom, and the story of all of it, which is
// the same in simulation and on a real network where the moments and the children differ.

import Interpreter
import PFSRuntime

/// What the logs of one run tell.
struct ToldRun {
    /// A file at a phone.
    struct Copy {
        /// How the phone came by it.
        let role: LoggedRole
        /// Who gave it: a phone, `server`, or nil where the log does not say.
        let from: String?
        /// How far the log leads: `written` when all is well.
        let ending: String
        /// From the log's first line to the last step that it tells, in microseconds.
        let endMicroseconds: Int64

        /// By what method the file came, as far as the log says.
        var method: Method {
            switch role {
            case .child: .peer
            case .root, .alone, .fellBack: from == nil ? .unknown : .server
            case .undecided: .unknown
            }
        }

        /// One word of what it is on the screen.
        var text: String {
            let time = DurationText.seconds(microseconds: endMicroseconds)
            let giver = role == .child ? from ?? "a peer" : role.rawValue
            return (ending == "written" ? giver : "\(giver), \(ending)") + " \(time)"
        }
    }

    /// From whom files come.
    enum Method: String {
        case server, peer, unknown
    }

    /// A file of a phone; the second time that it fetches the same file counts as another.
    struct Key: Hashable {
        let phone: String
        let file: String
        let turn: Int
    }

    /// What stands for the run: its file, or how many.
    let name: String
    /// The phones by name, in the order in which they were met.
    let phones: [String]
    /// Their addresses, where a line says them.
    let addresses: [String: IPv4Address]
    /// The copies in the order of their times.
    let keys: [Key]
    /// What became of each.
    let copies: [Key: Copy]
    /// Who was root of a file, by the file's name; names in the order of the phones.
    let roots: [String: [String]]
    /// The files in the order in which they came first.
    let files: [String]
    /// The deepest place that a phone was told.
    let depth: Int
    /// Fetches from servers.
    let serverFetches: Int
    /// The load that each phone said last that it runs.
    let loads: [String: String]
    /// Why phones stopped, by phone.
    let failures: [String: String]

    init(_ story: LogStory, name: String) {
        self.name = name
        phones = story.phones.map(\.name)
        var made = Draft()
        for phone in story.phones { made.add(phone, of: story) }
        addresses = made.addresses
        copies = made.copies
        keys = made.keys.enumerated().sorted {
            let left = made.copies[$0.element]?.endMicroseconds ?? 0
            let right = made.copies[$1.element]?.endMicroseconds ?? 0
            return (left, $0.offset) < (right, $1.offset)
        }.map(\.element)
        roots = made.roots
        files = made.files
        depth = made.depth
        serverFetches = made.serverFetches
        loads = made.loads
        failures = made.failures
    }

    /// The deepest that a tree of these phones is when nothing fails: ⌊log₂ N⌋ [derived].
    var depthBound: Int {
        phones.isEmpty ? 0 : Int.bitWidth - 1 - phones.count.leadingZeroBitCount
    }
}

extension ToldRun {
    /// What is collected phone by phone.
    private struct Draft {
        var addresses: [String: IPv4Address] = [:]
        var keys: [Key] = []
        var copies: [Key: Copy] = [:]
        var roots: [String: [String]] = [:]
        var files: [String] = []
        var depth = 0
        var serverFetches = 0
        var loads: [String: String] = [:]
        var failures: [String: String] = [:]

        mutating func add(_ phone: PhoneStory, of story: LogStory) {
            addresses[phone.name] = phone.address
            loads[phone.name] = phone.moments[.runs]?.last.value(.load)
            failures[phone.name] = phone.moments[.stopped]?.last.value(.code)
            let zero = story.logs[phone.log].span?.begin.microseconds ?? 0
            for file in phone.files {
                serverFetches += file.serverFetches
                guard let name = file.file, let end = file.last else { continue }
                if !files.contains(name) { files.append(name) }
                if file.role == .root { roots[name, default: []].append(phone.name) }
                if let accepted = file.moments[.accepted]?.last {
                    depth = max(depth, accepted.value(.number).flatMap { Int($0) } ?? 0)
                }
                var turn = 1
                while copies[Key(phone: phone.name, file: name, turn: turn)] != nil { turn += 1 }
                let key = Key(phone: phone.name, file: name, turn: turn)
                keys.append(key)
                copies[key] = Copy(
                    role: file.role,
                    from: LogTimeline.source(of: file, in: story),
                    ending: LogTimeline.ending(of: file),
                    endMicroseconds: end.microseconds - zero
                )
            }
        }
    }
}

extension FileStory {
    /// How often the file was asked for at a server, as far as lines say: falling back says itself that the
    /// phone fetches, and a copy that did not verify is fetched again without a word.
    fileprivate var serverFetches: Int {
        let said = count(.fetchAfterWaiting) + count(.fetchWhenFull) + count(.fetchAlone)
        let isOwn = role == .root || role == .alone || role == .fellBack
        return max(said + count(.fallsBack), isOwn ? count(.fileReceived) : 0)
    }

    /// The line that tells the last step of the file itself; links are printed later still.
    fileprivate var last: LoggedLine? {
        first(.fileWritten) ?? first(.fileVerified) ?? first(.fileReceived) ?? first(.stopped)
            ?? end
    }
}

/// Durations of logs on the screen.
enum DurationText {
    /// Seconds with three digits behind the point.
    static func seconds(microseconds: Int64) -> String {
        let milliseconds = (microseconds.magnitude + 500) / 1_000
        let rest = String(milliseconds % 1_000)
        let sign = microseconds < 0 ? "-" : ""
        return "\(sign)\(milliseconds / 1_000)."
            + String(repeating: "0", count: 3 - rest.count) + "\(rest)s"
    }
}
