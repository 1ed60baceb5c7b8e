// Where the time of an upgrade went: what a phone was doing from decision to decision, added up.

import Interpreter
import PFSRuntime

/// What a phone can spend its time on.
enum TimeUse: String, CaseIterable {
    case finding = "finding a root"
    case joining = "asking for a place"
    case waitingAsRoot = "waiting for children"
    case below = "below a parent, until the file was there"
    case orphaned = "without a parent"
    case backingOff = "waiting to fall back"
    case fetching = "fetching from the server"
    case verifying = "checking"
    case writing = "writing to flash"
    case serving = "serving on"
    case rebooting = "rebooting and registering"

    /// The use of the time after a decision; nil for a phone that does nothing.
    init?(_ situation: PeerSituation) {
        switch situation.stage {
        case .idle, .serving: return nil
        case .electing: self = .finding
        case .joining: self = .joining
        case .attached: self = .below
        case .orphaned: self = .orphaned
        case .waiting: self = .waitingAsRoot
        case .backingOff: self = .backingOff
        case .fetching: self = .fetching
        case .verifying: self = .verifying
        case .writing: self = .writing
        case .lingering: self = .serving
        case .applying: self = .rebooting
        }
    }

    /// The rule that the time follows.
    var rule: ProtocolRule {
        switch self {
        case .finding: .listen
        case .joining: .joinPatience
        case .waitingAsRoot: .wait
        case .below: .forward
        case .orphaned: .orphan
        case .backingOff: .fallback
        case .fetching: .rootFetch
        case .verifying: .verify
        case .writing: .write
        case .serving: .linger
        case .rebooting: .apply
        }
    }
}

/// The time that a phone has spent, by use and by file.
struct TimeSpent {
    private(set) var byUse: [(use: TimeUse, nanoseconds: Int64)] = []
    private(set) var byFile: [(index: Int, nanoseconds: Int64)] = []
    private(set) var total: Int64 = 0

    init(_ decisions: [Decision], until now: Instant) {
        for (index, decision) in decisions.enumerated() {
            guard let use = TimeUse(decision.after) else { continue }
            let end = index + 1 < decisions.count ? decisions[index + 1].time : now
            let length = (end - decision.time).nanoseconds
            total += length
            if let place = byUse.firstIndex(where: { $0.use == use }) {
                byUse[place].nanoseconds += length
            } else {
                byUse.append((use, length))
            }
            guard decision.after.file != .none else { continue }
            let file = decision.after.fileIndex
            if let place = byFile.firstIndex(where: { $0.index == file }) {
                byFile[place].nanoseconds += length
            } else {
                byFile.append((file, length))
            }
        }
        byUse.sort { ($1.nanoseconds, $0.use.rawValue) < ($0.nanoseconds, $1.use.rawValue) }
    }

    /// The lines of `why P7 slow`.
    func lines(_ phone: PhoneNumber, in host: ShellHost) -> [String] {
        let world = host.world
        guard total > 0 else { return ["\(world.name(of: phone)) has spent no time on an upgrade"] }
        var lines = [
            "\(world.name(of: phone)) has spent \(Self.text(total)) on its upgrade, of which:"
        ]
        for (use, length) in byUse where length > 0 {
            let percent = length * 100 / total
            let share =
                String(repeating: " ", count: 3 - min(3, String(percent).count)) + "\(percent)%"
            lines.append("\(Self.padded(length)) \(share)  \(use.rawValue) [\(use.rule.mark)]")
        }
        if let longest = byFile.max(by: { $0.nanoseconds < $1.nanoseconds }), byFile.count > 1 {
            lines.append(
                "most for one file: \(Self.text(longest.nanoseconds)) for file \(longest.index + 1)"
            )
        }
        return lines + others(phone, in: world)
    }

    /// How the phone stands among those that took the same load.
    private func others(_ phone: PhoneNumber, in world: World) -> [String] {
        var ends: [Int64] = []
        for other in world.phones {
            if case .succeeded(let time) = world.outcome(of: other) {
                ends.append(time.nanoseconds)
            }
        }
        guard case .succeeded(let own) = world.outcome(of: phone), ends.count > 1 else { return [] }
        let earlier = ends.filter { $0 < own.nanoseconds }.count
        return ["of \(ends.count) phones that are done, \(earlier) were done before it"]
    }

    private static func text(_ nanoseconds: Int64) -> String {
        Elapsed.text(Instant(nanoseconds: nanoseconds))
    }

    private static func padded(_ nanoseconds: Int64) -> String {
        let text = text(nanoseconds)
        return String(repeating: " ", count: max(0, 12 - text.count)) + text
    }
}
