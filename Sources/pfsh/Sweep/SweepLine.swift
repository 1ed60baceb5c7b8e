// The line of one run: a JSON object whose first members say which run it is. Because these are written
// in one way only, a sweep that goes on knows the lines it has by their first bytes and need not read
// JSON.

import Interpreter
import PFSRuntime

/// Makes and knows the lines of one script's runs.
struct SweepLine {
    /// The path of the script.
    let path: String
    /// What stands for the script's text and the version of the shell: runs of another one do not count.
    private let digest: String

    /// The lines of the script with this text.
    init(path: String, source: SourceText) {
        self.path = path
        // FNV-1a with 64 bits: http://www.isthe.com/chongo/tech/comp/fnv
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in Array(Version.text.utf8) + [0] + source.bytes {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        digest = Self.hexadecimal(hash)
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    // MARK: Knowing

    /// Ends what says which run a line is of: no text in a line can hold it, as quotes in texts are
    /// written with a backslash.
    private static let mark = ", \"status\": "
    private static let beginning = "{\"script\": \""

    /// What a line of the run begins with.
    func key(_ run: SweepRun) -> String {
        let parameters = run.parameters.map { JSONText.Member($0.name, .string($0.value)) }
        let text = JSONText.object([
            .init("script", .string(digest)),
            .init("parameters", .object(parameters)),
            .init("seed", .decimal(String(run.seed))),
        ]).text
        return text.dropLast() + Self.mark
    }

    /// What a line begins with that says which run it is of; nil where it is no line of a sweep.
    static func key(of line: Substring) -> Substring? {
        guard line.hasPrefix(beginning), line.hasSuffix("}"),
            let mark = line.firstRange(of: mark)
        else { return nil }
        return line[..<mark.upperBound]
    }

    /// Whether a line is of this script, as it is now.
    func isOfThisScript(_ line: Substring) -> Bool { line.hasPrefix(Self.beginning + digest) }

    /// The status with which the run of a line ended; nil if its process came to an end under it.
    static func status(of line: Substring, key: Substring) -> Int32? {
        Int32(line.dropFirst(key.count).prefix { $0.isNumber })
    }

    // MARK: Making

    /// Runs a run and answers its line; nil if it was interrupted.
    func line(_ run: SweepRun) -> String? {
        let output = ShellOutput(width: { 80 }, writeOut: { _ in }, writeError: { _ in })
        let session = Session(output: output, seed: run.seed)
        session.setArguments(run.arguments)
        let outcome = session.runFile(path)
        guard !Interrupt.isPending else { return nil }
        let world = session.host.world
        let results = session.host.results.all(in: world).map {
            JSONText.Member($0.name, JSONText($0.value))
        }
        var members = [
            JSONText.Member("fingerprint", .string(Self.hexadecimal(world.fingerprint))),
            JSONText.Member("results", .object(results)),
        ]
        if let error = output.firstError { members.append(.init("error", Self.json(error))) }
        return key(run) + String(outcome.exitStatus) + ", "
            + JSONText.object(members).text.dropFirst()
    }

    /// The line of a run whose process ended for a reason of its own.
    func line(_ run: SweepRun, lostBecause reason: String) -> String {
        let member = JSONText.object([.init("error", .string(reason))]).text
        return key(run) + "null, " + member.dropFirst()
    }

    /// An error without the path of its script, which can differ from machine to machine.
    private static func json(_ error: Diagnostic) -> JSONText {
        guard let source = error.source, let range = error.range else {
            return .string(error.message)
        }
        let line = source.line(at: min(Int(range.start), source.bytes.count))
        return .string("line \(line): \(error.message)")
    }
}
