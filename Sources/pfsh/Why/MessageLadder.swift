// Messages between phones as a ladder: a column for each phone, an arrow for each message, time downwards.

import Interpreter
import PFSRuntime

/// What some phones said to each other.
struct MessageLadder {
    /// The most columns that fit into 80.
    static let phoneLimit = 6

    let host: ShellHost
    let phones: [PhoneNumber]
    let decisions: [Decision]

    /// One message.
    private struct Rung {
        let time: Instant
        let from: Int
        /// Nil for a broadcast.
        let to: Int?
        let label: String
        let file: FileNumber
        var arrives: Bool
    }

    /// The lines of the ladder, its head first.
    func lines(file index: Int?, last: Int) -> [String] {
        let all = rungs().filter { rung in
            guard let index else { return true }
            return decisions.contains {
                $0.before.file == rung.file && $0.before.fileIndex == index
            }
                || decisions.contains { $0.after.file == rung.file && $0.after.fileIndex == index }
        }
        guard !all.isEmpty else { return ["these phones have said nothing to each other"] }
        let width = (phones.count <= 3 ? 64 : 54) / phones.count
        let indent = String(repeating: " ", count: 13)
        var heads = ""
        for phone in phones { heads += Self.centred(host.world.name(of: phone), width) }
        var lines = [Self.trimmed(indent + heads)]
        if all.count > last { lines.append("\(indent)(\(all.count - last) earlier messages)") }
        for rung in all.suffix(last) {
            let time = host.displayTime(rung.time.nanoseconds)
            let padding = String(repeating: " ", count: max(1, 13 - time.count))
            lines.append(Self.trimmed(time + padding + row(rung, width)))
        }
        return lines
    }

    // MARK: What was said

    private func rungs() -> [Rung] {
        var rungs: [Rung] = []
        for decision in decisions {
            guard let from = phones.firstIndex(of: decision.phone) else { continue }
            for effect in decision.effects {
                guard let rung = rung(effect, from, decision) else { continue }
                rungs.append(rung)
            }
            arrive(decision, &rungs)
        }
        return rungs
    }

    private func rung(_ effect: PeerEffect, _ from: Int, _ decision: Decision) -> Rung? {
        switch effect {
        case .broadcast(let message, let file, after: let delay):
            // A root repeats itself every 2 s as long as it lives.
            if case .confirmed = message, case .wake = decision.input,
                decision.before.stageName == decision.after.stageName
            {
                return nil
            }
            return Rung(
                time: decision.time + delay,
                from: from,
                to: nil,
                label: EventText.text(message),
                file: file,
                arrives: true
            )
        case .send(let message, let file, to: let address):
            guard let to = column(address, near: decision.phone) else { return nil }
            return Rung(
                time: decision.time,
                from: from,
                to: to,
                label: EventText.text(message),
                file: file,
                arrives: false
            )
        case .upload(let file, to: let address):
            guard let to = column(address, near: decision.phone) else { return nil }
            return Rung(
                time: decision.time,
                from: from,
                to: to,
                label: "file",
                file: file,
                arrives: true
            )
        case .close(let file, let address):
            guard let to = column(address, near: decision.phone) else { return nil }
            return Rung(
                time: decision.time,
                from: from,
                to: to,
                label: "reset",
                file: file,
                arrives: true
            )
        default: return nil
        }
    }

    private func column(_ address: IPv4Address, near phone: PhoneNumber) -> Int? {
        let subnet = host.world.subnet(of: phone)
        return host.world.phone(at: address, subnet: subnet).flatMap { phones.firstIndex(of: $0) }
    }

    /// A message has come in: the one that was sent has arrived.
    private func arrive(_ decision: Decision, _ rungs: inout [Rung]) {
        guard case .received(let message, let file, from: let address) = decision.input,
            let from = column(address, near: decision.phone),
            let to = phones.firstIndex(of: decision.phone)
        else { return }
        let label = EventText.text(message)
        let index = rungs.lastIndex {
            !$0.arrives && $0.from == from && $0.to == to && $0.file == file && $0.label == label
        }
        if let index { rungs[index].arrives = true }
    }

    // MARK: Drawing

    private func row(_ rung: Rung, _ width: Int) -> String {
        var cells = Array(repeating: Character(" "), count: width * phones.count)
        for column in phones.indices { cells[Self.centre(column, width)] = "|" }
        let start = Self.centre(rung.from, width)
        guard let to = rung.to else { return broadcast(rung, cells, width) }
        guard to != rung.from else { return String(cells) + " " + rung.label }
        let end = Self.centre(to, width)
        let (low, high) = (min(start, end), max(start, end))
        for place in low + 1..<high { cells[place] = "-" }
        cells[start] = "o"
        let head: Character = rung.arrives ? (end > start ? ">" : "<") : "x"
        cells[end > start ? high - 1 : low + 1] = head
        let room = high - low - 5
        let label = Array(rung.label.prefix(max(0, room)))
        let first = low + 1 + (high - low - 1 - label.count) / 2
        for (offset, character) in label.enumerated() { cells[first + offset] = character }
        return String(cells) + (rung.label.count > room ? " \(rung.label)" : "")
    }

    /// A broadcast goes out on all sides.
    private func broadcast(_ rung: Rung, _ row: [Character], _ width: Int) -> String {
        var cells = row
        let start = Self.centre(rung.from, width)
        cells[start] = "*"
        guard phones.count > 1 else { return String(cells) + " \(rung.label) to all" }
        let (first, last) = (Self.centre(0, width), Self.centre(phones.count - 1, width))
        for place in first...last where cells[place] == " " { cells[place] = "~" }
        let isLast = rung.from == phones.count - 1
        let begin = isLast ? start - width : start
        let room = width - 3
        let label = Array(rung.label.prefix(room))
        let place = begin + 1 + (width - 1 - label.count) / 2
        for (offset, character) in label.enumerated() { cells[place + offset] = character }
        return String(cells) + (rung.label.count > room ? " \(rung.label)" : "")
    }

    private static func centre(_ column: Int, _ width: Int) -> Int { column * width + width / 2 }

    private static func centred(_ text: String, _ width: Int) -> String {
        let shown = String(text.prefix(width - 1))
        let left = max(0, width / 2 - shown.count / 2)
        let right = max(0, width - left - shown.count)
        return String(repeating: " ", count: left) + shown + String(repeating: " ", count: right)
    }

    private static func trimmed(_ text: String) -> String {
        String(text.reversed().drop { $0 == " " }.reversed())
    }
}
