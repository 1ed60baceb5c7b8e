// The answer to `why`: first what is so, in one line, then the chain of decisions that led to it, each with
// its time and the mark of its rule.

import Interpreter
import PFSRuntime

/// What is asked about a phone.
enum WhyQuestion: Equatable {
    /// What it does, or how its last upgrade ended.
    case present
    /// That it is something, or is not.
    case role(WhyRole, isAsked: Bool)
    /// That it fetched from a server.
    case tftp
    /// That it takes so long.
    case slow
}

/// What a phone can be asked to be.
enum WhyRole: String, ChoiceArgument {
    case child, root, peer, alone, done, failed, idle

    var help: String {
        switch self {
        case .child: "below another phone in the hierarchy of a file"
        case .root: "the root of a file's hierarchy"
        case .peer: "with a file that it took from a peer"
        case .alone: "fetching without its peers"
        case .done: "with its new load"
        case .failed: "with an upgrade that failed"
        case .idle: "with nothing to do"
        }
    }
}

/// Makes the answer about one phone.
struct WhyAnswer {
    let host: ShellHost
    let phone: PhoneNumber
    let recollection: Recollection

    var world: World { host.world }
    private var name: String { world.name(of: phone) }

    /// The lines of the answer.
    func lines(to question: WhyQuestion, file asked: Int?) -> [String] {
        let decisions = recollection.decisions
        guard !decisions.isEmpty else { return nothing() }
        let index = asked ?? file(for: question, decisions)
        guard let index else {
            return nothing(about: question) + chain(present(decisions)).lines
        }
        var lines = dead() + [headline(question, index, decisions)]
        if isAlone(index, decisions) { lines += sharing() }
        lines += chain(index).lines
        return lines.flatMap { Self.wrapped($0) }
    }

    /// Nothing has been decided: the phone has not begun.
    private func nothing() -> [String] {
        guard world.deadSince(phone) == nil else { return dead().flatMap { Self.wrapped($0) } }
        let running = world.catalog[world.runningLoad(phone)].name.text
        let configured = world.catalog[world.configuredLoad(phone)].name.text
        if running == configured {
            return [
                "\(name) has nothing to fetch: it runs \(running), which its configuration names"
            ]
        }
        return [
            "\(name) has not begun: it runs \(running), and reads that it is to run \(configured) "
                + "when it restarts [attested]"
        ].flatMap { Self.wrapped($0) }
    }

    // MARK: Which file

    /// The file that a question is about; nil where no file of the upgrade is like that.
    func file(for question: WhyQuestion, _ decisions: [Decision]) -> Int? {
        let files = Set(decisions.flatMap { [$0.before.fileIndex, $0.after.fileIndex] }).sorted()
            .filter { $0 < UpgradeJob.fileLimit }
        let present = present(decisions)
        switch question {
        case .present, .slow: return present
        case .tftp, .role(.peer, isAsked: false), .role(.alone, isAsked: true),
            .role(.child, isAsked: false):
            return files.last { isFromServer($0, decisions) }
                ?? (isUndecided(present) ? present : nil)
        case .role(.child, isAsked: true), .role(.peer, isAsked: true),
            .role(.alone, isAsked: false):
            return files.last { isBelow($0, decisions) }
        case .role(.root, let isAsked):
            return files.last { isRoot($0, decisions) == isAsked }
        case .role(.done, _), .role(.failed, _), .role(.idle, _): return present
        }
    }

    /// The present file, or the last one of an upgrade that is over.
    private func present(_ decisions: [Decision]) -> Int {
        if let index = world.snapshot(phone).fileIndex { return index }
        guard let last = decisions.last(where: { $0.before.file != .none }) else { return 0 }
        return last.before.fileIndex
    }

    private func isUndecided(_ index: Int) -> Bool {
        if case .none = world.origin(of: index, at: phone) { return true }
        return false
    }

    private func isFromServer(_ index: Int, _ decisions: [Decision]) -> Bool {
        if case .server = world.origin(of: index, at: phone) { return true }
        guard isUndecided(index) else { return false }
        return of(index, decisions).contains { $0.effects.contains { $0.isFetch } }
    }

    private func isBelow(_ index: Int, _ decisions: [Decision]) -> Bool {
        of(index, decisions).contains { $0.after.parent != nil && $0.after.fileIndex == index }
    }

    private func isRoot(_ index: Int, _ decisions: [Decision]) -> Bool {
        of(index, decisions).contains {
            if case .waiting = $0.after.stage { $0.after.fileIndex == index } else { false }
        }
    }

    /// Whether it took no part in sharing a file; one that passed over a root did.
    func isAlone(_ index: Int, _ decisions: [Decision]) -> Bool {
        of(index, decisions).contains {
            switch ($0.before.stage, $0.after.stage) {
            case (.electing, .fetching): false
            case (_, .fetching(.alone)): $0.after.fileIndex == index
            default: false
            }
        }
    }

    /// The decisions about one file, and the one that led to it.
    private func of(_ index: Int, _ decisions: [Decision]) -> [Decision] {
        decisions.filter { $0.before.fileIndex == index || $0.after.fileIndex == index }
    }

    // MARK: What is so

    private func nothing(about question: WhyQuestion) -> [String] {
        let what: String
        switch question {
        case .tftp, .role(.peer, isAsked: false), .role(.alone, isAsked: true):
            what = "took no file from a server in its last upgrade"
        case .role(.child, isAsked: true), .role(.peer, isAsked: true):
            what = "was no other phone's child in its last upgrade"
        case .role(.child, isAsked: false), .role(.alone, isAsked: false):
            what = "took every file from other phones"
        case .role(.root, isAsked: true): what = "was root of no file in its last upgrade"
        case .role(.root, isAsked: false): what = "was root of every file"
        case .present, .slow, .role: what = "has done nothing like that"
        }
        return ["\(name) \(what); what it did last:"]
    }

    private func headline(_ question: WhyQuestion, _ index: Int, _ decisions: [Decision]) -> String
    {
        let file = "file \(index + 1) (\(world.fileName(number(of: index))))"
        switch world.outcome(of: phone) {
        case .failed(let reason, let time) where world.snapshot(phone).fileIndex == nil:
            let at = host.displayTime(time.nanoseconds)
            if question == .present || question == .role(.failed, isAsked: true) {
                return
                    "\(name)'s upgrade failed at \(at) with reason \(reason.rawValue), at \(file), "
                    + "because:"
            }
        case .none, .succeeded, .failed: break
        }
        let denied = denial(question, index, decisions)
        switch world.origin(of: index, at: phone) {
        case .server(let time):
            let server = serverName(index)
            let transport = world.transport(of: index, at: phone).name
            let not = isAlone(index, decisions) ? "" : ", not from a peer"
            return denied + "\(name) took \(file) by \(transport) from \(server)\(not), "
                + "at \(host.displayTime(time.nanoseconds)), because:"
        case .phone(let giver, let time):
            return denied + "\(name) took \(file) from \(world.name(of: giver)), "
                + "at \(host.displayTime(time.nanoseconds)), because:"
        case .elsewhere(let address, let time):
            return denied + "\(name) took \(file) from \(address), "
                + "at \(host.displayTime(time.nanoseconds)), because:"
        case .none: return denied + "\(name) is \(doing()) for \(file), because:"
        }
    }

    /// What to say first where the question takes something for granted that is not so.
    private func denial(_ question: WhyQuestion, _ index: Int, _ decisions: [Decision]) -> String {
        guard case .role(let role, let isAsked) = question else { return "" }
        let isSo: Bool
        switch role {
        case .child: isSo = isBelow(index, decisions)
        case .root: isSo = isRoot(index, decisions)
        case .peer:
            if case .phone = world.origin(of: index, at: phone) {
                isSo = true
            } else {
                isSo = false
            }
        case .alone: isSo = isFromServer(index, decisions) && !isRoot(index, decisions)
        case .done:
            if case .succeeded = world.outcome(of: phone) { isSo = true } else { isSo = false }
        case .failed:
            if case .failed = world.outcome(of: phone) { isSo = true } else { isSo = false }
        case .idle: isSo = world.state(phone) == .idle
        }
        guard isSo != isAsked else { return "" }
        return "\(name) is\(isSo ? "" : " not") \(role.rawValue). "
    }

    /// That the phone does not boot any more, and why.
    private func dead() -> [String] {
        guard let since = world.deadSince(phone) else { return [] }
        let count = world.sharedFiles(phone).fromPeers
        return [
            "\(host.displayTime(since.nanoseconds)) \(name) applied the load and does not boot: bug "
                + "\(KnownBug.bootFailure.id), for it took \(Counted.text(count, "file")) from peers "
                + ProtocolRule.knownBug.citation
        ]
    }

    private func serverName(_ index: Int) -> String {
        world.server(of: index, at: phone).map { world.server($0).name } ?? "the server"
    }

    /// What the phone does, in words.
    private func doing() -> String {
        switch world.state(phone) {
        case .idle: "idle"
        case .resetting: "about to read its configuration"
        case .listening: "listening"
        case .claiming: "claiming to be root"
        case .seeking: "seeking a stronger claimant"
        case .joining: "asking for a place"
        case .waiting: "below a parent that does not have the file yet"
        case .orphaned: "without a parent, seeking"
        case .rooted: "root, waiting for children"
        case .backing: "about to fall back"
        case .fetching: "fetching from the server"
        case .receiving: "receiving from its parent"
        case .verifying: "checking what came"
        case .writing: "writing to flash"
        case .serving: "serving on, with all files,"
        case .rebooting: "rebooting, with all files,"
        case .inCall: "in a call"
        case .dead: "dead"
        case .unpowered: "without power"
        case .frozen: "hanging"
        case .removed: "unplugged"
        }
    }

    private func sharing() -> [String] {
        let profile = world.identity(phone).profile.map { world.profiles[$0].name }
        return world.sharingDecision(phone).lines(
            address: world.address(of: phone),
            profileName: profile
        )
    }

    // MARK: The chain

    /// The sentences about one file, each with its time and mark, and the faults and bugs that stand
    /// behind them.
    func chain(_ index: Int) -> (lines: [String], causes: [WhyCause]) {
        let text = DecisionText(world: world)
        let traces = FaultTraces(world, phone, number(of: index))
        var lines: [String] = []
        var causes: [WhyCause] = []
        var last = ""
        var since = Instant.zero
        for entry in recollection.entries {
            switch entry {
            case .decision(let decision):
                guard decision.before.fileIndex == index || decision.after.fileIndex == index,
                    let sentence = text.sentence(decision), sentence.text != last
                else { continue }
                last = sentence.text
                let faults =
                    decision.isWhole
                    ? []
                    : traces.faults(
                        behind: sentence.rule,
                        after: since,
                        until: decision.time,
                        at: decision.others(in: world)
                    )
                since = decision.time
                var behind = faults.map { WhyCause.fault($0) }
                if sentence.rule == .knownBug { behind.append(.bug(.secondPhoneToServer)) }
                for cause in behind where !causes.contains(cause) { causes.append(cause) }
                let blamed = faults.map { "; fault \($0)" }.joined()
                lines.append(
                    "\(host.displayTime(decision.time.nanoseconds)) \(sentence.text) "
                        + "\(sentence.rule.citation.dropLast())\(blamed)]"
                )
                // What came of it later is no cause.
                if decision.effects.contains(where: { $0.isObtained }) {
                    return (lines.flatMap { Self.wrapped($0) }, causes)
                }
            case .orders(let time, let orders, changes: let isChanged):
                guard !orders.isEmpty, isChanged || !lines.isEmpty else { continue }
                let mark = isChanged ? "" : ", which changed nothing here at once"
                lines.append(
                    "\(host.displayTime(time.nanoseconds)) ordered: "
                        + orders.joined(separator: "; ") + mark
                )
            case .gap(until: let time):
                lines.append("(up to \(host.displayTime(time.nanoseconds)) nothing is kept)")
            }
        }
        return (lines.flatMap { Self.wrapped($0) }, causes)
    }

    /// The number of a file of the upgrade, by its place.
    func number(of index: Int) -> FileNumber {
        let decisions = recollection.decisions
        return decisions.first { $0.before.fileIndex == index && $0.before.file != .none }?.before
            .file ?? decisions.first { $0.after.fileIndex == index }?.after.file ?? .none
    }

    /// A line in pieces of at most 80 columns; what goes on is set in.
    static func wrapped(_ line: String, columns: Int = 80) -> [String] {
        guard line.count > columns else { return [line] }
        var lines: [String] = []
        var current = ""
        for word in line.split(separator: " ", omittingEmptySubsequences: false) {
            if current.isEmpty {
                current = String(word)
            } else if current.count + 1 + word.count <= columns {
                current += " " + word
            } else {
                lines.append(current)
                current = "    " + word
            }
        }
        return lines + [current]
    }
}

extension PeerEffect {
    /// Whether the phone has a file now.
    var isObtained: Bool { if case .obtained = self { true } else { false } }

    /// Whether it asks a server for a file.
    var isFetch: Bool { if case .fetch = self { true } else { false } }
}
