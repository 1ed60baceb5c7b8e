// When each phone got each file, as a drawing: time runs to the right, a row is a phone, a mark is a file
// that came. Files from a server are squares, those from another phone circles, so that colour does not
// carry it alone.

import PFSRuntime

enum ExportedDrawing {
    /// The most phones drawn: own choice, beyond which rows could not be told apart.
    static let phoneLimit = 500

    private static let rowHeight = 14
    private static let nameWidth = 110
    private static let plotWidth = 800
    private static let top = 40
    /// Colours of the files in the order of the load, of Okabe and Ito's palette.
    private static let colors = [
        "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#000000", "#999933",
    ]

    static func text(_ distribution: Distribution) -> String {
        let shown = Array(distribution.phones.prefix(phoneLimit))
        var rows: [Int?] = []
        for (row, phone) in shown.enumerated() {
            while rows.count <= Int(phone.index) { rows.append(nil) }
            rows[Int(phone.index)] = row
        }
        let copies = distribution.copies.filter { row(of: $0.phone, in: rows) != nil }
        let end = max(distribution.world.now.nanoseconds, 1)
        let height = top + shown.count * rowHeight + 50
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(nameWidth + plotWidth + 30)\" "
                + "height=\"\(height)\" font-family=\"monospace\" font-size=\"10\">",
            "<title>Files by phone and time</title>",
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
        ]
        lines += axis(end: end, rows: shown.count)
        for (row, phone) in shown.enumerated() {
            let name = Markup.escaped(String(distribution.world.name(of: phone).prefix(16)))
            lines.append("<text x=\"4\" y=\"\(top + row * rowHeight + 10)\">\(name)</text>")
        }
        for copy in copies {
            guard let row = row(of: copy.phone, in: rows) else { continue }
            lines.append(mark(copy, row: row, end: end, distribution))
        }
        lines += legend(distribution, y: height - 18)
        if distribution.phones.count > shown.count {
            let rest = distribution.phones.count - shown.count
            lines.append("<text x=\"4\" y=\"\(height - 4)\">\(rest) more phones</text>")
        }
        return (lines + ["</svg>"]).map { $0 + "\n" }.joined()
    }

    private static func row(of phone: PhoneNumber, in rows: [Int?]) -> Int? {
        rows.indices.contains(Int(phone.index)) ? rows[Int(phone.index)] : nil
    }

    private static func place(_ time: Int64, end: Int64) -> Int {
        // Both factors are within 2⁶³, the quotient within the plot.
        let (high, low) = time.multipliedFullWidth(by: Int64(plotWidth))
        return nameWidth + Int(end.dividingFullWidth((high, low)).quotient)
    }

    private static func axis(end: Int64, rows: Int) -> [String] {
        (0...4).flatMap { part in
            let time = end / 4 * Int64(part)
            let x = place(time, end: end)
            return [
                "<line x1=\"\(x)\" y1=\"\(top - 6)\" x2=\"\(x)\" "
                    + "y2=\"\(top + rows * rowHeight)\" stroke=\"#ccc\"/>",
                "<text x=\"\(x)\" y=\"\(top - 10)\" text-anchor=\"middle\">"
                    + "\(Elapsed.text(Instant(nanoseconds: time)))</text>",
            ]
        }
    }

    private static func mark(
        _ copy: Distribution.Copy,
        row: Int,
        end: Int64,
        _ distribution: Distribution
    ) -> String {
        let x = place(copy.time.nanoseconds, end: end)
        let y = top + row * rowHeight + rowHeight / 2
        let color = colors[copy.file % colors.count]
        let words = Markup.escaped(
            "\(distribution.fileName(copy)) from \(distribution.giverName(copy)) at "
                + Elapsed.text(copy.time)
        )
        let title = "<title>\(words)</title>"
        return copy.giver == nil
            ? "<rect x=\"\(x - 4)\" y=\"\(y - 4)\" width=\"8\" height=\"8\" fill=\"\(color)\">\(title)</rect>"
            : "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"4\" fill=\"\(color)\">\(title)</circle>"
    }

    private static func legend(_ distribution: Distribution, y: Int) -> [String] {
        let files = (distribution.copies.map(\.file).max() ?? -1) + 1
        var lines = [
            "<text x=\"\(nameWidth)\" y=\"\(y)\">square: from a server, circle: from a phone;"
                + " file</text>"
        ]
        for file in 0..<files {
            let x = nameWidth + 330 + file * 40
            lines.append(
                "<rect x=\"\(x)\" y=\"\(y - 8)\" width=\"8\" height=\"8\" "
                    + "fill=\"\(colors[file % colors.count])\"/>"
            )
            lines.append("<text x=\"\(x + 12)\" y=\"\(y)\">\(file + 1)</text>")
        }
        return lines
    }
}

/// Text within HTML and SVG.
enum Markup {
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
