// Asking for causes: why a phone is where it is, what it and others said to each other, what its state
// machine would do next, and how the files came to the phones over time.

import Interpreter
import PFSRuntime

enum WhyCommands {
    static let group = ShowCommands.group
    static let all = [why, sequence, state, timeline]

    static let setup =
        WorldCommands.setup + [
            "pfs enterprise on", "push 9.4(2)SR1 to all", "run 60s",
        ]

    static let why = Command<ShellHost>(
        "why",
        group: group,
        summary:
            "Tell the causes of what a phone does or has: a chain of decisions with their rules.",
        discussion:
            "Causes are not recorded while time passes: the way is gone once more on copies of "
            + "the worlds that are kept, with a record of this phone. Each sentence has the mark of "
            + "its rule: attested, derived or modelled.\n"
            + "`is` and `not` ask about one thing, `tftp` about the file that it took from a server "
            + "last, `slow` where its time went.\n"
            + "Where a fault or a known bug was a cause, the last line says what would have been "
            + "without it: a copy from before goes the way with it left out, 2,000,000 events at most.",
        .argument("phone", kind: .object(PhoneVocabulary.phone), help: "which phone"),
        .option("is", kind: WhyRole.argumentKind, help: "why it is this"),
        .option("not", kind: WhyRole.argumentKind, help: "why it is not this"),
        .flag("tftp", help: "why it asked a server"),
        .flag("slow", help: "where its time went"),
        .option("file", help: "the file, counted from 1 in the load"),
        examples: [
            Example("why P1", setup: setup), Example("why P2 is child", setup: setup),
            Example("why P1 not peer", setup: setup), Example("why P1 tftp", setup: setup),
            Example("why P1 slow", setup: setup),
            Example(
                "why P2 tftp",
                setup: WorldCommands.setup + [
                    "pfs enterprise on", "block tcp 4051 in voice", "push 9.4(2)SR1 to all",
                    "run 60s",
                ]
            ),
        ]
    ) {
        (
            host: inout ShellHost,
            phone: ObjectReference,
            role: WhyRole?,
            notRole: Located<WhyRole>?,
            tftp: Bool,
            slow: Bool,
            file: Located<Int>?
        ) throws(Diagnostic) -> Output in
        let asked = [role != nil, notRole != nil, tftp, slow].filter { $0 }.count
        guard asked <= 1 else { throw Diagnostic("ask one thing at a time") }
        if let file, !(1...UpgradeJob.fileLimit).contains(file.node) {
            throw Diagnostic("files are counted from 1 to \(UpgradeJob.fileLimit)", at: file.range)
        }
        let question: WhyQuestion
        if let role {
            question = .role(role, isAsked: true)
        } else if let notRole {
            question = .role(notRole.node, isAsked: false)
        } else {
            question = tftp ? .tftp : slow ? .slow : .present
        }
        let number = PhoneNumber(phone.id)
        let beginning = beginning(of: [number], in: host)
        let recollection = try host.recollect([number], since: beginning)
        if question == .slow {
            let spent = TimeSpent(recollection.decisions, until: host.world.now)
            return .lines(spent.lines(number, in: host))
        }
        let answer = WhyAnswer(host: host, phone: number, recollection: recollection)
        let place = file.map { $0.node - 1 }
        return .lines(
            answer.lines(to: question, file: place)
                + (try answer.counterfactuals(to: question, file: place, since: beginning))
        )
    }

    /// When the last upgrade of the first of these phones to begin began.
    static func beginning(of phones: [PhoneNumber], in host: ShellHost) -> Instant {
        let starts = phones.compactMap { phone in
            host.world.lastAlarms(of: phone).first { $0.alarm == .start }?.time
        }
        return starts.min() ?? host.world.now
    }

    static let sequence = Command<ShellHost>(
        "show sequence",
        group: group,
        summary: "Draw what phones said to each other in their last upgrade, as a ladder.",
        discussion:
            "Time goes down, one column for each phone, at most six. Broadcasts go to all; Hold "
            + "and a root's repeated advertisements are left out. What was sent and did not come in "
            + "ends in an x.",
        .argument("phones", help: "which phones"),
        .option("file", help: "only what is about this file, counted from 1"),
        .option("last", default: 40, shownAs: "40", help: "how many messages"),
        examples: [Example("show sequence P1,P2 last 10", setup: setup)]
    ) {
        (host: inout ShellHost, phones: Located<Selection>, file: Located<Int>?, last: Int)
            throws(Diagnostic) -> Output in
        let chosen = phones.node.phones
        guard (1...MessageLadder.phoneLimit).contains(chosen.count) else {
            throw Diagnostic(
                "expected 1 to \(MessageLadder.phoneLimit) phones, not \(chosen.count)",
                at: phones.range
            )
        }
        guard last > 0 else { throw Diagnostic("expected a count of 1 or more") }
        if let file, !(1...UpgradeJob.fileLimit).contains(file.node) {
            throw Diagnostic("files are counted from 1 to \(UpgradeJob.fileLimit)", at: file.range)
        }
        let start = beginning(of: chosen, in: host)
        let recollection = try host.recollect(chosen, since: start)
        let ladder = MessageLadder(host: host, phones: chosen, decisions: recollection.decisions)
        return .lines(ladder.lines(file: file.map { $0.node - 1 }, last: last))
    }

    static let state = Command<ShellHost>(
        "state",
        group: group,
        summary: "Show where a phone's state machine is, and what each input would do now.",
        discussion:
            "Each input is handed to a copy of the phone, so that nothing changes. The world "
            + "itself decides which of them will come.",
        .argument("phone", kind: .object(PhoneVocabulary.phone), help: "which phone"),
        examples: [Example("state P1", setup: setup)]
    ) { (host: inout ShellHost, phone: ObjectReference) throws(Diagnostic) -> Output in
        .table(StateMachine(host: host, phone: PhoneNumber(phone.id)).table())
    }.giving(StateMachine.columns)

    static let timeline = Command<ShellHost>(
        "show timeline",
        group: group,
        summary: "Draw which file each phone was at over time, and from where it came.",
        discussion: "A digit is the number of the file that the phone waits for or receives, an s "
            + "that one came from a server, R the time from the last file to the new load. At most "
            + "40 phones are drawn.",
        .optional("phones", help: "which phones; all if not given"),
        examples: [Example("show timeline", setup: setup)]
    ) { (host: inout ShellHost, phones: Selection?) throws(Diagnostic) -> Output in
        let chart = FileChart(host: host, phones: phones?.phones ?? host.world.phones)
        return .lines(chart.lines(columns: 80))
    }
}
