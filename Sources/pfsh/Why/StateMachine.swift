// A phone's state machine asked what it would do now: each input that could come, handed to a copy of the
// phone, and what came of it.

import Interpreter
import PFSRuntime

/// The inputs of a phone, and what each would do.
struct StateMachine {
    let host: ShellHost
    let phone: PhoneNumber

    static let columns = [Table.Column("input"), Table.Column("then"), Table.Column("does")]

    private var world: World { host.world }

    /// The present state in the first row, then one row for each input.
    func table() -> Table {
        var table = Table(columns: Self.columns)
        let situation = world.situation(of: phone)
        let file = situation.file == .none ? "" : ", file \(situation.fileIndex + 1)"
        table.append([
            .string("(now)"), .string(situation.stageName + file), .string(place(situation)),
        ])
        let answers = inputs(situation).map { ($0.0, world.answer(of: phone, to: $0.1)) }
        for isIgnored in [false, true] {
            for (name, answer) in answers where (then(answer) == "ignored") == isIgnored {
                table.append([.string(name), .string(then(answer)), .string(does(answer))])
            }
        }
        return table
    }

    /// Where the phone stands in the hierarchy of its present file.
    private func place(_ situation: PeerSituation) -> String {
        var parts: [String] = []
        if let parent = situation.parent {
            parts.append("below \(name(parent)), depth \(situation.depth)")
        }
        if !situation.children.isEmpty {
            parts.append("children " + situation.children.map { name($0) }.joined(separator: ", "))
        }
        if situation.tries > 0 {
            parts.append("\(Counted.text(situation.tries, "failed try", plural: "failed tries"))")
        }
        return parts.joined(separator: "; ")
    }

    private func name(_ address: IPv4Address) -> String {
        DecisionText(world: world).name(address, near: phone)
    }

    // MARK: Inputs

    /// An address of the subnet that no phone has: a stranger.
    private var stranger: IPv4Address {
        IPv4Address(bits: world.address(of: phone).bits ^ 0x8000_0000)
    }

    /// Every input, with the values that tell most in the present state.
    private func inputs(_ now: PeerSituation) -> [(String, PeerInput)] {
        let file = now.file
        let own = now.strength & ~ClaimRank.confirmedBit
        let other = now.stageTarget ?? now.parent ?? stranger
        let place = HierarchyPosition(transaction: 1, root: other, depth: 0)
        func claim(_ strength: UInt32, confirmed: Bool = false) -> Claim {
            Claim(
                transaction: 1,
                strength: confirmed ? strength | ClaimRank.confirmedBit : strength,
                advertisement: 0,
                fetchBegun: confirmed
            )
        }
        var list: [(String, PeerInput)] = []
        if case .idle = now.stage {
            list.append(("is told to fetch", start()))
        }
        list.append((deadlineName, .wake))
        list += [
            (
                "hears a weaker claim",
                .heard(.claim(claim(own > 0 ? own - 1 : 0)), file, from: stranger)
            ),
            ("hears a stronger claim", .heard(.claim(claim(0x7FFF_FFFF)), file, from: stranger)),
            (
                "hears a confirmed root",
                .heard(.confirmed(claim(own, confirmed: true)), file, from: stranger)
            ),
            ("hears an offer", .heard(.offer(transaction: 1), file, from: stranger)),
            ("hears Failed(2)", .heard(.failed(.notFound), file, from: stranger)),
            ("gets Join", .received(.join(transaction: 1), file, from: stranger)),
            ("gets Accept", .received(.accept(place), file, from: other)),
            ("gets Refuse", .received(.refuse(redirect: nil), file, from: other)),
            ("gets Refuse, try another", .received(.refuse(redirect: stranger), file, from: other)),
        ]
        if let parent = now.parent {
            list += [
                ("parent: Rootless", .received(.rootless, file, from: parent)),
                ("parent: Dissolve", .received(.dissolve, file, from: parent)),
                ("parent: Bye", .received(.bye, file, from: parent)),
                ("parent: reset", .linkLost(file, parent)),
            ]
        }
        if let child = now.children.first {
            list += [
                ("child: Complete", .received(.complete, file, from: child)),
                ("child: reset", .linkLost(file, child)),
            ]
        }
        return list + [
            ("fetch is done", .fetchEnded(.done)),
            ("fetch is refused (2)", .fetchEnded(.refused(.notFound))),
            ("fetch times out", .fetchEnded(.timedOut)),
            ("fetch finds all busy", .fetchEnded(.busy)),
            ("file has come", .fileArrived), ("file is good", .verified(true)),
            ("file is not good", .verified(false)), ("file is in flash", .written),
            ("load is applied", .applied), ("is told not to share", .sharing(false)),
            ("is called off", .cancel),
        ]
    }

    private func start() -> PeerInput {
        let load = world.configuredLoad(phone)
        let count = min(max(world.catalog[load].files.count, 1), UpgradeJob.fileLimit)
        let files = (0..<count).map { FileNumber($0) }
        let shares = world.sharingDecision(phone).takesPart
        return UpgradeJob(files: files, shares: shares).map { .start($0) } ?? .cancel
    }

    private var deadlineName: String {
        let answer = world.answer(of: phone, to: .wake)
        guard answer.time > world.now else { return "its deadline" }
        return "its deadline, in "
            + Value.duration(nanoseconds: (answer.time - world.now).nanoseconds).text
    }

    // MARK: Answers

    private func then(_ answer: Decision) -> String {
        if case .ignored = answer.verdict { return "ignored" }
        let (before, after) = (answer.before, answer.after)
        var text = after.stageName
        if after.fileIndex != before.fileIndex, after.file != .none {
            text += ", file \(after.fileIndex + 1)"
        }
        if after.tries > before.tries { text += ", \(after.tries) failed" }
        return text == before.stageName ? "as now" : text
    }

    private func does(_ answer: Decision) -> String {
        answer.effects.map { text($0) }.joined(separator: "; ")
    }

    private func text(_ effect: PeerEffect) -> String {
        EffectText.text(effect) { $0 == stranger ? "it" : name($0) }
    }
}

extension PeerSituation {
    /// The phone that is asked for a place now.
    fileprivate var stageTarget: IPv4Address? {
        if case .joining(let joining) = stage { joining.target } else { nil }
    }
}
