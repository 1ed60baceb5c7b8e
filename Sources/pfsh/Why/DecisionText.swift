// One decision of a phone as a sentence, with the rule that it follows. A sentence names what came in, what
// the phone made of it, and the numbers that settled it.

import PFSRuntime

/// A decision in words.
struct DecisionSentence {
    /// What happened.
    let text: String
    /// The rule behind it.
    let rule: ProtocolRule
}

/// Puts decisions into words.
struct DecisionText {
    let world: World

    /// The name of the phone at an address in the subnet of another, else the address.
    func name(_ address: IPv4Address, near phone: PhoneNumber) -> String {
        let subnet = world.subnet(of: phone)
        guard let number = world.phone(at: address, subnet: subnet) else { return "\(address)" }
        return world.name(of: number)
    }

    /// A file as a user counts it: `file 4 (apps41…)`.
    func file(_ situation: PeerSituation) -> String {
        "file \(situation.fileIndex + 1) (\(world.fileName(situation.file)))"
    }

    /// The strength of a claim as logs print it, the last four digits left to tell them apart.
    static func strength(_ rank: ClaimRank) -> String { hexadecimal(rank.strength) }

    static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The sentence of a decision; nil for one that changed nothing worth telling.
    func sentence(_ decision: Decision) -> DecisionSentence? {
        if decision.before.fileIndex != decision.after.fileIndex { return next(decision) }
        switch decision.before.stage {
        case .idle, .serving: return next(decision)
        case .electing: return electing(decision)
        case .joining(let request): return joining(decision, request)
        case .attached: return attached(decision)
        case .orphaned: return orphaned(decision)
        case .waiting: return waiting(decision)
        case .backingOff: return backingOff(decision)
        case .fetching(let reason): return fetching(decision, reason)
        case .verifying(let giver): return verifying(decision, giver)
        case .writing, .lingering, .applying: return done(decision)
        }
    }

    // MARK: Beginning

    private func next(_ decision: Decision) -> DecisionSentence? {
        let after = decision.after
        var begin = ""
        if case .written = decision.input {
            begin = "\(file(decision.before)) is in flash; "
        } else if case .start(let job) = decision.input {
            begin = "read its configuration, \(Counted.text(Int(job.count), "file")) to fetch; "
        }
        switch after.stage {
        case .fetching:
            return DecisionSentence(
                text: begin + "takes no part in sharing, and asks the server for \(file(after))",
                rule: .alone
            )
        case .electing:
            let rule: ProtocolRule = decision.before.fileIndex == after.fileIndex ? .start : .listen
            return DecisionSentence(text: begin + "listens for \(file(after))", rule: rule)
        case .lingering:
            return DecisionSentence(
                text: begin + "it holds every file, and serves on",
                rule: .linger
            )
        case .applying:
            return DecisionSentence(text: begin + "with all files it reboots", rule: .apply)
        case .idle where decision.before.fileIndex > 0: return ending(decision)
        case .serving:
            if case .serving = decision.before.stage { return children(decision) }
            return DecisionSentence(
                text: "runs the load already, and gives its files to phones that want them",
                rule: .serve
            )
        case .idle, .joining, .attached, .orphaned, .waiting, .backingOff, .verifying, .writing:
            return nil
        }
    }

    // MARK: Electing

    private func electing(_ decision: Decision) -> DecisionSentence? {
        let (before, after) = (decision.before, decision.after)
        let own = Self.hexadecimal(before.strength & ~ClaimRank.confirmedBit)
        switch after.stage {
        case .electing: return electionStep(decision, own)
        case .waiting:
            return DecisionSentence(
                text: "nothing stronger than its own \(own) heard: confirmed root",
                rule: .confirm
            )
        case .joining(let joining):
            let other = name(joining.target, near: decision.phone)
            let what = after.best.isOffer ? "\(other)'s offer" : "\(other), a confirmed root"
            return DecisionSentence(text: "heard \(what); asks it for a place", rule: .join)
        case .backingOff:
            return DecisionSentence(
                text: "heard nothing as strong for 1 s, \(tries(after)); gives up on its peers",
                rule: .fallback
            )
        case .idle: return ending(decision)
        case .fetching:
            let other = name(after.best.address, near: decision.phone)
            let what = after.best.isOffer ? "\(other)'s offer" : "\(other), a confirmed root"
            return DecisionSentence(
                text: "heard \(what), and asks the server all the same: bug "
                    + KnownBug.secondPhoneToServer.id,
                rule: .knownBug
            )
        case .attached, .orphaned, .verifying, .writing, .lingering, .applying, .serving: return nil
        }
    }

    private func electionStep(_ decision: Decision, _ own: String) -> DecisionSentence? {
        let (before, after) = (decision.before, decision.after)
        let other = name(after.best.address, near: decision.phone)
        switch (before.phase, after.phase) {
        case (.listening, .claiming):
            return DecisionSentence(
                text: "heard nothing stronger than its own \(own): claims to be root",
                rule: .claim
            )
        case (.listening, .seeking):
            guard
                after.best
                    > ClaimRank(
                        strength: before.strength,
                        address: world.address(of: decision.phone)
                    )
            else { return DecisionSentence(text: "may not claim yet: seeks", rule: .barred) }
            return DecisionSentence(
                text: "had heard \(other)'s claim \(Self.strength(after.best)) > its own \(own): "
                    + "a seeker",
                rule: .yield
            )
        case (.claiming, .seeking):
            return DecisionSentence(
                text: "heard \(other)'s claim \(Self.strength(after.best)) > its own \(own): "
                    + "became a seeker",
                rule: .yield
            )
        case (.seeking, .listening):
            let tried = after.tries > before.tries ? ", \(tries(after))" : ""
            let last = name(before.best.address, near: decision.phone)
            return DecisionSentence(
                text: "nothing more of \(last) for 1 s\(tried); listens again",
                rule: .patience
            )
        default: return nil
        }
    }

    private func tries(_ situation: PeerSituation) -> String {
        "try \(situation.tries) of \(world.peerParameters.triesBeforeFallback) failed"
    }

    // MARK: Joining

    private func joining(_ decision: Decision, _ joining: Peer.Joining) -> DecisionSentence? {
        let target = name(joining.target, near: decision.phone)
        let after = decision.after
        switch after.stage {
        case .joining(let now):
            if case .received(.refuse, _, from: _) = decision.input,
                after.tries == decision.before.tries
            {
                let other = name(now.target, near: decision.phone)
                return DecisionSentence(
                    text: "\(target) is full and names \(other); asks that one",
                    rule: .redirect
                )
            }
            guard after.tries > decision.before.tries else { return nil }
            let other = name(now.target, near: decision.phone)
            return failedJoin(decision, target, "asks \(other) again")
        case .attached:
            return DecisionSentence(
                text: "\(target) took it in as a child, at depth \(after.depth)",
                rule: .accept
            )
        case .backingOff: return failedJoin(decision, target, "gives up on its peers", .fallback)
        case .electing: return failedJoin(decision, target, "listens again")
        case .orphaned: return failedJoin(decision, target, "seeks on for its subtree", .orphan)
        case .idle: return ending(decision)
        case .waiting, .fetching, .verifying, .writing, .lingering, .applying, .serving: return nil
        }
    }

    private func failedJoin(
        _ decision: Decision,
        _ target: String,
        _ then: String,
        _ rule: ProtocolRule = .joinPatience
    ) -> DecisionSentence {
        let what: String
        switch decision.input {
        case .wake: what = "TCP 4051 of \(target) unanswered for 3 s"
        case .linkLost: what = "\(target) reset the link"
        case .received(.refuse, _, from: _): what = "\(target) has no place"
        default: what = "\(target) could not be joined"
        }
        return DecisionSentence(text: "\(what), \(tries(decision.after)); \(then)", rule: rule)
    }

    // MARK: In a hierarchy

    /// How a phone lost its parent.
    private func loss(_ decision: Decision) -> String {
        let parent = decision.before.parent.map { name($0, near: decision.phone) } ?? "its parent"
        switch decision.input {
        case .linkLost: return "the link to \(parent) was reset"
        case .received(.bye, _, from: _): return "\(parent) said Bye"
        case .wake: return "\(parent) was silent for 6 s"
        default: return "\(parent) was lost"
        }
    }

    private func attached(_ decision: Decision) -> DecisionSentence? {
        switch decision.after.stage {
        case .verifying:
            let parent =
                decision.before.parent.map { name($0, near: decision.phone) } ?? "its parent"
            return DecisionSentence(text: "has the whole file from \(parent)", rule: .forward)
        case .orphaned:
            return DecisionSentence(text: loss(decision) + "; seeks another", rule: .linkLost)
        case .electing:
            if case .received(.dissolve, _, from: _) = decision.input {
                return DecisionSentence(
                    text: "its subtree found no root and dissolved; listens again",
                    rule: .dissolve
                )
            }
            return DecisionSentence(text: loss(decision) + "; listens again", rule: .linkLost)
        case .backingOff:
            return DecisionSentence(
                text: loss(decision) + "; gives up on its peers",
                rule: .fallback
            )
        case .idle: return ending(decision)
        case .attached: return children(decision)
        case .joining, .waiting, .fetching, .writing, .lingering, .applying, .serving: return nil
        }
    }

    private func orphaned(_ decision: Decision) -> DecisionSentence? {
        switch decision.after.stage {
        case .joining(let joining):
            let other = name(joining.target, near: decision.phone)
            return DecisionSentence(
                text: "heard \(other), a root or holder; asks it for a place with its subtree",
                rule: .orphan
            )
        case .electing:
            return DecisionSentence(text: "found no root in 10 s; listens again", rule: .dissolve)
        case .idle: return ending(decision)
        case .orphaned, .attached, .waiting, .backingOff, .fetching, .verifying, .writing,
            .lingering, .applying, .serving:
            return nil
        }
    }

    private func waiting(_ decision: Decision) -> DecisionSentence? {
        switch decision.after.stage {
        case .fetching:
            if case .wake = decision.input {
                return DecisionSentence(
                    text: "waited 10 s for children; asks the server",
                    rule: .wait
                )
            }
            return DecisionSentence(
                text: "both child slots are taken; asks the server",
                rule: .wait
            )
        case .joining(let joining):
            let other = name(joining.target, near: decision.phone)
            return DecisionSentence(
                text: "heard \(other), a stronger root; gives way and asks it for a place",
                rule: .settle
            )
        case .waiting: return children(decision)
        case .idle: return ending(decision)
        case .electing, .attached, .orphaned, .backingOff, .verifying, .writing, .lingering,
            .applying, .serving:
            return nil
        }
    }

    /// Children that came or went, where nothing else changed.
    private func children(_ decision: Decision) -> DecisionSentence? {
        let (before, after) = (decision.before.children, decision.after.children)
        if let child = after.first(where: { !before.contains($0) }) {
            return DecisionSentence(
                text: "took \(name(child, near: decision.phone)) in as a child",
                rule: .accept
            )
        }
        if let child = before.first(where: { !after.contains($0) }) {
            return DecisionSentence(
                text: "\(name(child, near: decision.phone)) is no longer its child",
                rule: .linkLost
            )
        }
        for case .send(.refuse(let redirect?), _, to: let sender) in decision.effects {
            return DecisionSentence(
                text: "is full, and sent \(name(sender, near: decision.phone)) to "
                    + name(redirect, near: decision.phone),
                rule: .redirect
            )
        }
        return nil
    }

    // MARK: Files

    private func backingOff(_ decision: Decision) -> DecisionSentence? {
        switch decision.after.stage {
        case .fetching:
            return DecisionSentence(text: "asked no peer any more: fell back", rule: .fallback)
        case .idle: return ending(decision)
        default: return nil
        }
    }

    private func fetching(_ decision: Decision, _ reason: FetchReason) -> DecisionSentence? {
        switch decision.after.stage {
        case .verifying:
            return DecisionSentence(
                text: "has the whole file from the server",
                rule: reason == .alone ? .alone : reason == .fallback ? .fallback : .rootFetch
            )
        case .electing, .backingOff:
            return DecisionSentence(text: "the server stopped answering: resigned", rule: .resign)
        case .fetching: return children(decision)
        case .idle: return ending(decision)
        case .joining, .attached, .orphaned, .waiting, .writing, .lingering, .applying, .serving:
            return nil
        }
    }

    private func verifying(_ decision: Decision, _ giver: Peer.FileGiver) -> DecisionSentence? {
        switch decision.after.stage {
        case .writing:
            let count = decision.after.children.count
            let then =
                count > 0
                ? "; sends it on to \(Counted.text(count, "child", plural: "children"))" : ""
            return DecisionSentence(text: "the file is good\(then)", rule: .verify)
        case .fetching, .orphaned, .backingOff, .electing:
            return DecisionSentence(text: "the file is not good: thrown away", rule: .verify)
        case .verifying: return children(decision)
        case .idle: return ending(decision)
        case .joining, .attached, .waiting, .lingering, .applying, .serving: return nil
        }
    }

    private func done(_ decision: Decision) -> DecisionSentence? {
        switch (decision.before.stage, decision.after.stage) {
        case (.lingering, .applying):
            return DecisionSentence(
                text: "nothing heard for a while: reboots into the load",
                rule: .linger
            )
        case (.applying, .idle):
            return DecisionSentence(text: "runs its new load", rule: .apply)
        case (.writing, .idle), (.lingering, .idle): return ending(decision)
        default: return children(decision)
        }
    }

    /// The upgrade ended without success.
    private func ending(_ decision: Decision) -> DecisionSentence? {
        for case .stopped(let reason) in decision.effects {
            if reason == .cancelled {
                return DecisionSentence(text: "was called off", rule: .cancel)
            }
            return DecisionSentence(
                text: "stopped with CUCM's reason \(reason.rawValue)",
                rule: .refused
            )
        }
        if case .applied = decision.input {
            return DecisionSentence(text: "runs its new load", rule: .apply)
        }
        return nil
    }
}
