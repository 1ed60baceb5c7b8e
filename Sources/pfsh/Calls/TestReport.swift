// Results of tests as text: TAP 14 (https://testanything.org) and the XML that JUnit's readers take.

import Interpreter

/// What came of one test.
struct TestEntry {
    /// The path of the script, with the name of a block behind it.
    let name: String
    /// What explains a failure: what the script printed, or the error of a block.
    var text: String
    /// Of the world, where it was run twice.
    var fingerprint: UInt64?
    /// Why it failed; nil if it passed.
    var failure: String?
    /// What a process ends with that failed for this reason.
    var status: Int32 = 1
    /// Wall time.
    var microseconds = 0

    init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// The result in TAP; what a failed script printed stands below it as comments.
    func lines(number: Int) -> [String] {
        // A `#` would begin a directive, a backslash an escape.
        let name = self.name.replacing("\\", with: "\\\\").replacing("#", with: "\\#")
        guard let failure else {
            let digits = fingerprint.map { String($0, radix: 16) }
            return ["ok \(number) - \(name)"] + (digits.map { ["# fingerprint \($0)"] } ?? [])
        }
        let printed = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return ["not ok \(number) - \(name)", "# \(failure)"] + printed.map { "#   \($0)" }
    }
}

/// Reports of all results.
enum TestReport {
    /// The results as one suite of JUnit's XML.
    static func junit(_ results: [TestEntry]) -> String {
        let failed = results.count { $0.failure != nil }
        let total = seconds(results.reduce(0) { $0 + $1.microseconds })
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuite name=\"pfsh\" tests=\"\(results.count)\" failures=\"\(failed)\" "
                + "time=\"\(total)\">",
        ]
        for result in results {
            let head =
                "  <testcase classname=\"pfsh\" name=\"\(escaped(result.name))\" "
                + "time=\"\(seconds(result.microseconds))\""
            guard let failure = result.failure else {
                lines.append(head + "/>")
                continue
            }
            lines.append(head + ">")
            lines.append(
                "    <failure message=\"\(escaped(failure))\">\(escaped(result.text))</failure>"
            )
            lines.append("  </testcase>")
        }
        return (lines + ["</testsuite>"]).map { $0 + "\n" }.joined()
    }

    private static func seconds(_ microseconds: Int) -> String {
        let rest = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - rest.count) + rest
    }

    /// Text as XML holds it; control characters, which XML has no way to write, become `?`.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || (0xFFFE...0xFFFF).contains(scalar.value):
                result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
