// What is to be done while time goes on: blocks at a time, again and again, or whenever a condition
// holds, and conditions that must never hold. The host's run loop stops at the times that stand
// here and lets it act; the blocks run in the session that the interpreter has lent.

/// What a session waits for.
public final class Agenda<HostType: Host> {
    fileprivate enum Duty {
        case once(at: Int64)
        case repeated(next: Int64, interval: Int64)
        /// The block runs when the condition comes to hold; whether it did at the last look.
        case whenever(Condition<HostType>, held: Bool)
        case never(Condition<HostType>, Expression)
    }

    fileprivate struct Entry {
        let number: Int
        var duty: Duty
        let block: Block?
        let origin: Origin
    }

    /// Where an entry was written, and whose variables it sees.
    struct Origin {
        let frame: SourceFrame
        let place: Scope.Place
        let range: SourceRange
    }

    /// An entry as a user sees it.
    struct Listed {
        let number: Int
        /// The word of its statement.
        let word: String
        /// When it is due next, in nanoseconds since the world began; nil for what waits for no time.
        let dueNanoseconds: Int64?
        /// The first line of its statement.
        let written: String
    }

    private var entries: [Entry] = []
    private var nextNumber = 1
    /// The numbers of entries whose block has ended, as ranges that do not overlap, the lowest first.
    private var ended: [Range<Int>] = []
    private var isActing = false
    /// The interpreter while one of its commands lets time go on; its host is out of date.
    var lent: Interpreter<HostType>?
    /// The status of an `exit` in a block.
    private var exitStatus: Int32?

    init() {}

    /// Whether nothing waits.
    public var isEmpty: Bool { entries.isEmpty }

    /// The next time at which something is due, in nanoseconds since the world began; nil for none.
    public var nextDueNanoseconds: Int64? { entries.compactMap(Self.due).min() }

    /// Whether a block waits for a time that comes once.
    public var awaitsTime: Bool {
        entries.contains { if case .once = $0.duty { true } else { false } }
    }

    /// Whether conditions wait, which are to be looked at after every event.
    public var watches: Bool {
        entries.contains {
            switch $0.duty {
            case .once, .repeated: false
            case .whenever, .never: true
            }
        }
    }

    private static func due(_ entry: Entry) -> Int64? {
        switch entry.duty {
        case .once(at: let time): time
        case .repeated(next: let time, interval: _): time
        case .whenever, .never: nil
        }
    }

    /// Refuses to let time go on inside a block that time itself has begun.
    ///
    /// A host asks before each run.
    public func checkTimeMayPass() throws(Diagnostic) {
        if isActing {
            throw Diagnostic("time does not go on inside at, every and when")
        }
    }

    // MARK: Entries

    /// The place from which on entries are newer.
    var mark: Int { nextNumber }

    func forget(from mark: Int) {
        guard mark < nextNumber else { return }
        entries.removeAll { $0.number >= mark }
        while let last = ended.last, last.lowerBound >= mark { ended.removeLast() }
        if let last = ended.last, last.upperBound >= mark {
            ended[ended.count - 1] = last.lowerBound..<nextNumber
        } else {
            ended.append(mark..<nextNumber)
        }
    }

    // MARK: Going back

    /// What waited at some moment.
    public struct Memento {
        fileprivate let entries: [Entry]
    }

    /// What waits now.
    public var memento: Memento { Memento(entries: entries) }

    /// Waits again for what waited at an earlier moment, in a world that has been brought to a moment at
    /// or after it: what was due in between has been done, and conditions are looked at anew.
    ///
    /// What stood in a block that has ended since stays forgotten.
    public func recall(_ memento: Memento, in host: HostType) {
        let now = host.now
        entries = memento.entries.compactMap { entry in
            guard !ended.contains(where: { $0.contains(entry.number) }) else { return nil }
            var entry = entry
            switch entry.duty {
            case .once(at: let time): if time <= now { return nil }
            case .repeated(next: let time, interval: let interval):
                guard time <= now else { break }
                let (next, overflow) = time.addingReportingOverflow(
                    ((now - time) / interval + 1) * interval
                )
                entry.duty = .repeated(next: overflow ? .max : next, interval: interval)
            case .whenever(var condition, held: _):
                condition.watchAnew(from: host.logMark)
                let holds = (try? condition.holds(in: host)) ?? false
                entry.duty = .whenever(condition, held: holds)
            case .never(var condition, let expression):
                condition.watchAnew(from: host.logMark)
                entry.duty = .never(condition, expression)
            }
            return entry
        }
    }

    // MARK: Adding

    /// All entries, in the order written.
    var listed: [Listed] {
        entries.map {
            let text = $0.origin.frame.text.string($0.origin.range)
            return Listed(
                number: $0.number,
                word: Self.word($0.duty),
                dueNanoseconds: Self.due($0),
                written: String(text.prefix { $0 != "\n" && $0 != "\r" })
            )
        }
    }

    private static func word(_ duty: Duty) -> String {
        switch duty {
        case .once: "at"
        case .repeated: "every"
        case .whenever: "when"
        case .never: "never"
        }
    }

    /// Takes an entry of a statement with this word back; false where there is none.
    func forget(_ number: Int, word: String) -> Bool {
        let index = entries.firstIndex { $0.number == number && Self.word($0.duty) == word }
        if let index { entries.remove(at: index) }
        return index != nil
    }

    /// Runs `work` on a copy of the world: what waits is afterwards as it was before.
    func keeping<Result, Failure: Error>(
        _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let (entries, ended, number) = (entries, ended, nextNumber)
        defer { (self.entries, self.ended, nextNumber) = (entries, ended, number) }
        return try work()
    }

    private func add(_ duty: Duty, _ block: Block?, _ origin: Origin) {
        entries.append(Entry(number: nextNumber, duty: duty, block: block, origin: origin))
        nextNumber += 1
    }

    func at(_ time: Int64, _ block: Block, _ origin: Origin) {
        add(.once(at: time), block, origin)
    }

    func every(_ interval: Int64, from time: Int64, _ block: Block, _ origin: Origin) {
        add(.repeated(next: time, interval: interval), block, origin)
    }

    func when(_ condition: Condition<HostType>, held: Bool, _ block: Block, _ origin: Origin) {
        add(.whenever(condition, held: held), block, origin)
    }

    func never(_ condition: Condition<HostType>, _ expression: Expression, _ origin: Origin) {
        add(.never(condition, expression), nil, origin)
    }

    func takeExitStatus() -> Int32? {
        defer { exitStatus = nil }
        return exitStatus
    }

    // MARK: Acting

    /// Does what is due now, then looks at the conditions.
    ///
    /// A host calls it whenever its clock has come to `nextDueNanoseconds`, and after every event
    /// if `watches`. Throws what a block throws, and a failed expectation where a `never` holds.
    public func act(in host: inout HostType) throws(Diagnostic) {
        guard !entries.isEmpty, !isActing, var inner = lent else { return }
        isActing = true
        inner.host = host
        lent = nil
        defer {
            host = inner.host
            lent = inner
            isActing = false
        }
        while let index = nextDueIndex(by: inner.host.now) {
            let entry = entries[index]
            if case .repeated(next: let time, interval: let interval) = entry.duty {
                let (next, overflow) = time.addingReportingOverflow(interval)
                entries[index].duty = .repeated(next: overflow ? .max : next, interval: interval)
            } else {
                entries.remove(at: index)
            }
            try run(entry, &inner)
        }
        for number in entries.map(\.number) { try look(at: number, &inner) }
    }

    private func nextDueIndex(by now: Int64) -> Int? {
        var found: (time: Int64, index: Int)?
        for (index, entry) in entries.enumerated() {
            guard let time = Self.due(entry), time <= now else { continue }
            if let known = found, known.time <= time { continue }
            found = (time, index)
        }
        return found?.index
    }

    private func look(
        at number: Int,
        _ inner: inout Interpreter<HostType>
    ) throws(Diagnostic) {
        guard let index = entries.firstIndex(where: { $0.number == number }) else { return }
        let entry = entries[index]
        switch entry.duty {
        case .once, .repeated: return
        case .whenever(var condition, let held):
            condition.see(inner.evaluator.scope.seen(from: entry.origin.place))
            let holds = try condition.holds(in: inner.host)
            guard holds, !held else {
                entries[index].duty = .whenever(condition, held: holds)
                return
            }
            // A line of the log is news once; a state that holds has to end before it is news again.
            let isOfLog = condition.hasFoundLine
            condition.watchAnew(from: inner.host.logMark)
            entries[index].duty = .whenever(condition, held: !isOfLog)
            try run(entry, &inner)
        case .never(var condition, let expression):
            condition.see(inner.evaluator.scope.seen(from: entry.origin.place))
            if try condition.holds(in: inner.host) {
                entries.remove(at: index)
                throw try inner.violated(expression, entry.origin)
            }
            entries[index].duty = .never(condition, expression)
        }
    }

    private func run(
        _ entry: Entry,
        _ inner: inout Interpreter<HostType>
    ) throws(Diagnostic) {
        guard let block = entry.block else { return }
        do throws(Unwinding) {
            try inner.run(block, from: entry.origin)
        } catch {
            switch error {
            case .failure(let diagnostic): throw diagnostic
            case .returned: return
            case .exit(let status):
                exitStatus = status
                throw Diagnostic("exit \(status)")
            }
        }
    }
}
