// Worlds as they were before the last lines typed, for `undo`. A copy of a large world takes memory, so
// the oldest go when a budget is spent, and a world that exceeds it alone is not kept at all.

import Interpreter
import PFSRuntime

/// What can be undone.
struct UndoHistory {
    /// The world as it was before a line.
    struct Step {
        /// The line.
        let text: String
        let world: World
        let showsTimeOfDay: Bool
        let timeTravel: TimeTravel
        /// What of the session's record belongs to the line.
        var recorded: Range<Int>
        /// Whether the record lacked something before.
        let wasIncomplete: Bool
        fileprivate let bytes: Int
    }

    /// The bytes that all copies may take together: own choice, one world of about 160,000
    /// phones.
    static let standardBudgetBytes = 256 << 20
    /// The most steps: own choice, more than anybody counts back.
    static let stepLimit = 100

    /// The bytes that all copies may take here.
    var budgetBytes = Self.standardBudgetBytes
    /// Whether lines are kept: only for somebody who types them.
    var isOn = false
    /// The steps, oldest first.
    private(set) var steps: [Step] = []
    /// The bytes of the world that was too large to be kept, if the last change met one.
    private(set) var refusedBytes: Int?

    /// The present world as a step before `text` runs; nil where none is kept.
    mutating func step(before text: String, in host: ShellHost) -> Step? {
        guard isOn else { return nil }
        let bytes = host.world.copyBytes
        guard bytes <= budgetBytes else {
            steps = []
            refusedBytes = bytes
            return nil
        }
        refusedBytes = nil
        let kept = host.notebook.recorded.count
        return Step(
            text: text,
            world: host.world.copy(),
            showsTimeOfDay: host.showsTimeOfDay,
            timeTravel: host.timeTravel,
            recorded: kept..<kept,
            wasIncomplete: host.notebook.isIncomplete,
            bytes: bytes
        )
    }

    /// Keeps a step whose line has changed the world.
    mutating func keep(_ step: Step) {
        steps.append(step)
        var bytes = steps.reduce(0) { $0 + $1.bytes }
        while let first = steps.first, bytes > budgetBytes || steps.count > Self.stepLimit {
            bytes -= first.bytes
            steps.removeFirst()
        }
    }

    /// Takes the last step back; nil if there is none.
    mutating func takeLast() -> Step? { steps.popLast() }
}

extension Script {
    /// Whether something in it can change the world it runs in.
    func mayChangeWorld(_ grammar: Grammar) -> Bool { statements.mayChangeWorld(grammar) }
}

extension [Statement] {
    fileprivate func mayChangeWorld(_ grammar: Grammar) -> Bool {
        contains { statement in
            switch statement.kind {
            case .command(let call): grammar.commands[call.command].changesWorld
            case .block(let block), .loop(_, let block), .repetition(_, let block),
                .forEach(_, _, let block):
                block.statements.mayChangeWorld(grammar)
            case .conditional(let branches, let otherwise):
                branches.contains { $0.block.statements.mayChangeWorld(grammar) }
                    || otherwise?.statements.mayChangeWorld(grammar) ?? false
            case .expectation(let expectation): expectation.within != nil
            case .source, .call: true
            // A test or a trial has a world of its own; what waits changes the world when its time comes.
            case .test, .trial, .never, .at, .every, .when: false
            case .binding, .say, .exit, .procedure, .returning, .parameter: false
            }
        }
    }
}
