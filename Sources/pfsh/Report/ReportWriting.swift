// Making the report of the present run.

import CLineEdit
import Glibc
import Interpreter
import NetIO
import PFSRuntime

extension RunReport {
    /// Writes a report; throws a diagnostic of kind `.outside` where that fails.
    static func write(_ report: RunReport, to path: String) throws(Diagnostic) {
        do throws(FileError) {
            try FileStore.write(Array(report.fileText.utf8), to: path)
        } catch {
            throw Diagnostic("the report cannot be written: \(error.description)", kind: .outside)
        }
    }

    /// The operating system, the architecture, the compiler, and the terminal.
    static var presentSystem: String {
        var names = utsname()
        uname(&names)
        let parts = [text(names.sysname), text(names.release), text(names.machine)]
        let terminal =
            isatty(STDOUT_FILENO) == 1
            ? "terminal \(line_edit_columns(STDOUT_FILENO)) x \(line_edit_rows(STDOUT_FILENO))"
            : "no terminal"
        return "\(parts.joined(separator: " ")), Swift \(compiler), \(terminal)"
    }

    /// The name of the machine, which `uname` gives too, is not asked for.
    private static func text<Bytes>(_ bytes: Bytes) -> String {
        withUnsafeBytes(of: bytes) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static var compiler: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}

extension ShellHost {
    /// The report of the run so far.
    ///
    /// `number` counts the reports that its script has ordered, where this is one of them.
    func report(number: Int? = nil, tellsPaths: Bool = false) -> RunReport {
        let discretion = Discretion(script: notebook.main?.name, tellsPaths: tellsPaths)
        var report = RunReport(
            version: Version.text,
            system: RunReport.presentSystem,
            seed: world.seed,
            isSeedGiven: fixedSeed != nil,
            origin: .session,
            obstacle: obstacle,
            text: "",
            end: mark(of: world)
        )
        let arguments = notebook.arguments.map { discretion.text($0) }
        if let main = notebook.main {
            report.text = main.text
            report.origin =
                main.name == "-c"
                ? .commands(arguments: arguments)
                : .script(name: discretion.name(main.name), arguments: arguments)
            if notebook.lastOutcome == .failed(.interrupted) {
                report.stop = .event(world.eventCount)
            } else if let number {
                report.stop = .report(number)
            }
        } else {
            report.text = notebook.recorded.joined()
        }
        report.text = Self.whole(discretion.text(report.text))
        report.files = notebook.sourced.map {
            RunReport.File(
                name: discretion.name($0.name),
                text: Self.whole(discretion.text($0.text))
            )
        }
        report.marks = reportMarks.map { mark in
            var told = mark
            told.orders = discretion.text(mark.orders)
            return told
        }
        let shown = logView.lastShown(RunReport.logLineLimit, in: world)
        report.logLines = shown.map { discretion.text($0) }
        if let error = output.lastError {
            report.failure = DiagnosticRenderer.lines(error).map { discretion.text($0) }
        }
        report.trail = eventTrail()
        return report
    }

    /// A text whose last line has its end.
    private static func whole(_ text: String) -> String {
        text.isEmpty || text.utf8.last == 0x0A ? text : text + "\n"
    }

    /// Why the run cannot be repeated from the report.
    private var obstacle: String? {
        if notebook.wasAttached { return "phones were on a real network, with a real clock" }
        if notebook.isIncomplete {
            return "a line that failed half way had changed the world, and is missing"
        }
        return nil
    }

    private func mark(of world: World) -> RunReport.Mark {
        RunReport.Mark(
            nanoseconds: world.now.nanoseconds,
            event: world.eventCount,
            fingerprint: world.fingerprint
        )
    }

    /// The places of the present way where orders were given, the last ones of many.
    var reportMarks: [RunReport.Mark] {
        let history = timeTravel.history
        let way = history.stretches.filter { $0.number <= history.stretch }
        var marks: [RunReport.Mark] = []
        for stretch in way.suffix(RunReport.markLimit) {
            let start = history.checkpoints.first {
                $0.stretch == stretch.number && $0.moment == stretch.start
            }
            guard let start else { continue }
            var mark = mark(of: start.world)
            mark.orders = Self.short(stretch.orders)
            marks.append(mark)
        }
        return marks
    }

    /// Orders in one line of 60 columns.
    private static func short(_ orders: [String]) -> String {
        let text = orders.joined(separator: "; ")
        return text.count > 60 ? text.prefix(59) + "~" : text
    }
}
