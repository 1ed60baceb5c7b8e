// All commands on one screen: a paragraph for each family, in which commands that begin with the same
// word share it: `log level/filter/follow`. A word that begins many, such as `show`, stands alone: `help
// show` lists them.

import Interpreter

enum FamilyOverview {
    /// The most commands with one first word that are spelt out where there is room.
    private static let mostSpelledOut = 6

    /// The families with their commands, in lines of at most `columns` columns and, as far as it can be
    /// done, of at most `rows` rows: where there is less room, fewer commands are spelt out, at last
    /// none.
    static func lines(
        _ registry: Registry<ShellHost>,
        columns: Int = 80,
        rows: Int = .max
    ) -> [String] {
        var spelledOut = mostSpelledOut
        while true {
            let lines = lines(registry, columns: columns, spelledOut: spelledOut)
            if lines.count <= rows || spelledOut == 0 { return lines }
            spelledOut -= 1
        }
    }

    private static func lines(
        _ registry: Registry<ShellHost>,
        columns: Int,
        spelledOut: Int
    ) -> [String] {
        var families: [(title: String, commands: [[String]])] = []
        for command in registry.grammar.commands where command.path[0] != "no" {
            let title = command.group.title
            if let index = families.firstIndex(where: { $0.title == title }) {
                families[index].commands.append(command.path)
            } else {
                families.append((title, [command.path]))
            }
        }
        families.append(("Language", StatementHelp.all.map { [$0.name] }))
        let width = (families.map(\.title.count).max() ?? 0) + 2
        return families.flatMap { family in
            paragraph(
                family.title,
                pieces(family.commands, spelledOut: spelledOut),
                indent: width,
                columns: columns
            )
        }
    }

    /// The commands of a family in stretches between which a line may end.
    private static func pieces(_ commands: [[String]], spelledOut: Int) -> [String] {
        var heads: [(word: String, rests: [String])] = []
        for path in commands {
            let rest = path.dropFirst().joined(separator: " ")
            if let index = heads.firstIndex(where: { $0.word == path[0] }) {
                heads[index].rests.append(rest)
            } else {
                heads.append((path[0], [rest]))
            }
        }
        var pieces: [String] = []
        for (index, head) in heads.enumerated() {
            let end = index == heads.count - 1 ? "" : ", "
            let rests = head.rests.filter { !$0.isEmpty }
            if spelledOut == 0 {
                pieces.append(head.word + end)
                continue
            }
            if rests.count > spelledOut {
                pieces.append("\(head.word) (\(head.rests.count))\(end)")
                continue
            }
            if rests.count < head.rests.count {
                pieces.append(head.word + (rests.isEmpty ? end : ", "))
            }
            for (place, rest) in rests.enumerated() {
                let start = place == 0 ? head.word + " " : ""
                pieces.append(start + rest + (place == rests.count - 1 ? end : "/"))
            }
        }
        return pieces
    }

    private static func paragraph(
        _ title: String,
        _ pieces: [String],
        indent: Int,
        columns: Int
    ) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = title + margin.dropFirst(title.count)
        for piece in pieces {
            let shown = piece.last == " " ? piece.count - 1 : piece.count
            if line.count > indent, line.count + shown > columns {
                lines.append(String(line.last == " " ? line.dropLast() : line[...]))
                line = margin
            }
            line += piece
        }
        return lines + [line]
    }
}
