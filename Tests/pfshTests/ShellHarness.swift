// A session in this process whose output is kept, for tests of commands and scripts.

import Glibc
import Interpreter
import NetIO

@testable import pfsh

/// A shell without a terminal.
final class ShellHarness {
    let session: Session
    private let kept: Kept

    private final class Kept {
        var text = ""
    }

    /// A new world, with a seed as `--seed` gives it; lines that somebody types can be undone.
    init(
        seed: UInt64? = nil,
        isInteractive: Bool = false,
        answersInJSON: Bool = false,
        allowsShell: Bool = false
    ) {
        let kept = Kept()
        self.kept = kept
        let output = ShellOutput(
            width: { 80 },
            writeOut: { kept.text += $0 },
            writeError: { kept.text += $0 }
        )
        session = Session(
            output: output,
            isInteractive: isInteractive,
            seed: seed,
            answersInJSON: answersInJSON,
            allowsShell: allowsShell
        )
    }

    /// Everything printed so far, errors among it.
    var text: String { kept.text }

    /// Adds to the output what a terminal would show besides.
    func echo(_ text: String) { kept.text += text }

    /// Runs a line as if it were typed; answers what it printed and its exit status.
    func enter(_ line: String) -> (text: String, status: Int32) {
        let before = kept.text.utf8.count
        let outcome = session.runRecorded(line, name: "", mode: .prompt)
        let printed = String(decoding: kept.text.utf8.dropFirst(before), as: UTF8.self)
        return (printed, outcome.exitStatus)
    }

    /// Runs a script; answers what it printed and its exit status.
    func run(
        _ script: String,
        mode: Interpreter<ShellHost>.Mode = .script,
        name: String = "test"
    ) -> (text: String, status: Int32) {
        let before = kept.text.utf8.count
        let outcome = session.run(script, name: name, mode: mode)
        let printed = String(decoding: kept.text.utf8.dropFirst(before), as: UTF8.self)
        return (printed, outcome.exitStatus)
    }
}

/// Files of the repository, found from where this file stands.
enum Repository {
    /// The folder of the package.
    static let root = String(#filePath.dropLast("/Tests/pfshTests/ShellHarness.swift".count))

    /// The names of the files in a folder that end in `suffix`, sorted.
    static func files(in folder: String, suffix: String) -> [String] {
        guard let directory = opendir(root + "/" + folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(suffix) { names.append(name) }
        }
        return names.sorted()
    }

    /// A file's text; empty when it cannot be read.
    static func text(_ path: String) -> String {
        let bytes = try? FileStore.read(root + "/" + path, limitBytes: 64 << 20)
        return String(decoding: bytes ?? [], as: UTF8.self)
    }

    /// Compares a text with a recorded file.
    ///
    /// Nil when they are equal; else what to say. With `PFSH_RECORD=1` the file is rewritten, and the
    /// test fails all the same, so that nobody records without looking.
    static func difference(of text: String, from path: String) -> String? {
        if getenv("PFSH_RECORD") != nil {
            do throws(FileError) {
                try FileStore.write(Array(text.utf8), to: root + "/" + path)
            } catch {
                return "\(path) could not be recorded: \(error.description)"
            }
            return "\(path) was recorded: look at the change, then run without PFSH_RECORD"
        }
        let expected = self.text(path)
        guard expected != text else { return nil }
        let (old, new) = (lines(expected), lines(text))
        let first = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }
        let number = first?.offset ?? min(old.count, new.count)
        let was = number < old.count ? String(old[number]) : "(the end)"
        let now = number < new.count ? String(new[number]) : "(the end)"
        return "\(path) differs in line \(number + 1):\n- \(was)\n+ \(now)\n"
            + "record anew with: PFSH_RECORD=1 swift test --filter pfshTests"
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
