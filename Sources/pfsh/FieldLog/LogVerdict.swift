// What logs tell, in sentences: who was there, how each hierarchy came about, what came of it, and how much
// of the logs was understood.

import Interpreter
import PFSRuntime

struct LogVerdict {
    let story: LogStory
    private let hierarchies: [LoggedHierarchy]

    /// Hierarchies and phones that are spoken of one by one (own choice: a screen's worth).
    private static let detailLimit = 8
    /// Places of a tree that are drawn.
    private static let placeLimit = 12
    /// Columns that suffice.
    private static let columns = 100

    init(_ story: LogStory) {
        self.story = story
        hierarchies = story.hierarchies
    }

    /// The hierarchy, the sentences and the counts.
    var lines: [String] {
        guard !story.phones.isEmpty else {
            return ["No line tells of a phone."] + counts
        }
        return trees + sentences.flatMap { Self.wrapped($0) } + counts
    }

    // MARK: The hierarchy

    private var trees: [String] {
        var lines: [String] = []
        for hierarchy in hierarchies.prefix(Self.detailLimit) {
            let model = hierarchy.model ?? "unknown model"
            lines.append("\(hierarchy.file)  \(model)  XID\(hierarchy.transaction)")
            var drawn = 0
            for top in hierarchy.tops {
                draw(top, of: hierarchy, indent: "", branch: "", &drawn, &lines)
            }
            if drawn > Self.placeLimit {
                lines.append("   \(drawn - Self.placeLimit) more phones")
            }
        }
        let left = hierarchies.count - Self.detailLimit
        if left > 0 {
            lines.append("\(Counted.text(left, "hierarchy", plural: "hierarchies")) more")
        }
        return lines
    }

    private func draw(
        _ index: Int,
        of hierarchy: LoggedHierarchy,
        indent: String,
        branch: String,
        _ drawn: inout Int,
        _ lines: inout [String]
    ) {
        // Damaged logs may tell of circles: nobody is drawn more often than there are places.
        guard drawn < hierarchy.places.count else { return }
        let place = hierarchy.places[index]
        drawn += 1
        if drawn <= Self.placeLimit { lines.append(indent + branch + label(place)) }
        let inner = branch.isEmpty ? indent : indent + (branch.hasPrefix("`") ? "   " : "|  ")
        for (position, child) in place.children.enumerated() {
            let isLast = position == place.children.count - 1
            let next = isLast ? "`- " : "|- "
            draw(child, of: hierarchy, indent: inner, branch: next, &drawn, &lines)
        }
    }

    private func label(_ place: LoggedPlace) -> String {
        let address = place.address.map { " \($0)" } ?? ""
        guard let phone = place.phone, let file = place.file else {
            return "(no log)\(address)"
        }
        let known = story.phones[phone]
        let story = known.files[file]
        let what = story.role == .root ? "root" : "child"
        let got =
            story.first(.fileReceived).map { " received \($0.timeOfDay)" } ?? " log ends before"
        return "\(known.name)\(address)  \(what)\(got)"
    }

    // MARK: The sentences

    private var sentences: [String] {
        [introduction] + rootSentences + [result] + failures
    }

    private var introduction: String {
        let models = Set(story.phones.compactMap(\.model)).sorted()
        let begin = story.logs.compactMap { $0.span?.begin }.min {
            $0.microseconds < $1.microseconds
        }
        let end = story.logs.compactMap { $0.span?.end }.max { $0.microseconds < $1.microseconds }
        var text = "\(Counted.text(story.phones.count, "phone"))"
        if !models.isEmpty { text += " (\(models.joined(separator: ", ")))" }
        text += " in \(Counted.text(story.logs.count, "log"))"
        if let begin, let end { text += ", from \(begin.timeOfDay) to \(end.timeOfDay)" }
        return text + "."
    }

    private var rootSentences: [String] {
        var sentences: [String] = []
        for hierarchy in hierarchies {
            guard sentences.count < Self.detailLimit else { break }
            for place in hierarchy.places {
                guard let phone = place.phone, let file = place.file,
                    story.phones[phone].files[file].role == .root
                else { continue }
                sentences.append(rootSentence(story.phones[phone], story.phones[phone].files[file]))
            }
        }
        return sentences
    }

    private func rootSentence(_ phone: PhoneStory, _ file: FileStory) -> String {
        var text = "\(phone.name) became root of \(file.file ?? "a file")"
        if let claimed = file.first(.claimed) {
            text += ": it claimed at \(claimed.timeOfDay)"
            let repeats = file.count(.advertised)
            if repeats > 0 { text += ", repeated it \(Counted.text(repeats, "time"))" }
            if let confirmed = file.first(.confirmedRoot) {
                let after = Self.seconds(confirmed.microseconds - claimed.microseconds)
                text += ", heard nothing stronger and was confirmed after \(after)"
            }
        }
        let children = file.count(.acceptedChild)
        text +=
            children == 0
            ? "; nobody joined it"
            : "; \(Counted.text(children, "child", plural: "children")) joined it"
        // The wait counts from the tick that confirmed, not from the line that says so.
        let basis = file.moments[.tickRanOut]?.last ?? file.first(.becameRoot)
        if let fetch = file.first(.fetchAfterWaiting), let basis {
            let after = Self.seconds(fetch.microseconds - basis.microseconds)
            text += ", and after \(after) of waiting it fetched from the server"
        } else if file.has(.fetchWhenFull) {
            text += ", which filled it, and it fetched from the server"
        }
        return text + "."
    }

    private var result: String {
        var roles: [LoggedRole: Int] = [:]
        var ended = 0
        for file in story.phones.flatMap(\.files) where file.file != nil || file.role != .undecided
        {
            roles[file.role, default: 0] += 1
            if file.has(.fileReceived) { ended += 1 }
        }
        let total = roles.values.reduce(0, +)
        let parts: [(LoggedRole, String)] = [
            (.root, "as root from the server"), (.child, "from peers"),
            (.alone, "alone from the server"),
            (.fellBack, "from the server after giving up on peers"), (.undecided, "undecided"),
        ]
        let told = parts.compactMap { role, words in
            roles[role].map { "\($0) \(words)" }
        }
        var text = "\(Counted.text(total, "file")) of all phones: " + told.joined(separator: ", ")
        text += ended == total ? ", all received." : "; \(ended) received when the logs end."
        let runs = story.phones.filter { $0.has(.runs) }.count
        if runs > 0 { text += " \(Counted.text(runs, "phone")) came up with a new load." }
        return text
    }

    private var failures: [String] {
        let failed = story.phones.filter { $0.has(.stopped) }
        var lines = failed.prefix(Self.detailLimit).compactMap { phone in
            phone.moments[.stopped].map {
                "\(phone.name) stopped at \($0.last.timeOfDay) for reason "
                    + "\($0.last.value(.code) ?? "")."
            }
        }
        if failed.count > Self.detailLimit {
            lines.append("\(failed.count - Self.detailLimit) more phones stopped.")
        }
        return lines
    }

    private static func seconds(_ microseconds: Int64) -> String {
        let milliseconds = (microseconds + 500) / 1_000
        let rest = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest) s"
    }

    // MARK: The counts

    /// What was in the logs, and what was not understood of it.
    private var counts: [String] {
        let counts = story.counts
        var parts = ["\(counts.understood) understood"]
        let others: [(Int, String)] = [
            (counts.unknownDownload, "of the download with unknown words"),
            (counts.otherProcesses, "of other processes"), (counts.unknown, "unknown"),
            (counts.blank, "blank"), (counts.joined, "rests of others"),
            (counts.binary, "binary"), (counts.endless, "endless"),
            (counts.crowded + story.linesLeftOut, "of too many phones"),
        ]
        parts += others.compactMap { $0.0 > 0 ? "\($0.0) \($0.1)" : nil }
        var lines = Self.wrapped(
            "\(Counted.text(counts.lines, "line")): " + parts.joined(separator: ", ") + "."
        )
        var damage: [String] = []
        if counts.mended > 0 { damage.append("\(counts.mended) were mended") }
        if counts.misplaced > 0 { damage.append("\(counts.misplaced) stood in the wrong place") }
        if !damage.isEmpty { lines.append("Of these \(damage.joined(separator: ", ")).") }
        for log in story.logs {
            lines += log.samples.map { "not understood: \(log.name):\($0.number): \($0.text)" }
        }
        return lines
    }

    /// A sentence as lines that are not too long.
    static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= columns {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
