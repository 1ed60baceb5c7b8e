// `--report` and `pfsh replay` as processes: what ends a run, and with what status a report is run again.

import Testing

@testable import pfsh

@Suite("Reports of processes") struct ReportProcessTests {
    private static let shell = "'\(ShellSession.shellPath)'"
    private static let office =
        "subnet voice 10.4.0.0/24\nphones 40 model CP-7961G\npfs enterprise on\n"

    /// Runs a script with a report of it, then the report, in a folder of its own.
    private func run(
        _ script: String,
        call: String = "run.pfsh",
        in front: String = "",
        then: String = ""
    ) -> String {
        Process.run(
            """
            folder=$(mktemp -d); trap 'rm -r "$folder"' EXIT; cd "$folder"
            printf '%s\\n' '\(script)' > run.pfsh
            \(front) \(Self.shell) --report out.txt \(call) > printed 2>&1; echo "ended $?"
            \(then)
            \(Self.shell) replay out.txt; echo "replayed $?"
            grep -c "^## " out.txt
            sed '/^## Events/,$d' out.txt | grep -w -e "$folder" -e "$(hostname)" && echo "told too much"
            """
        ).text
    }

    @Test("the report of a run that ends well, or fails, is the same run")
    func ends() {
        let well = run(Self.office + "push 9.4(2)SR1 to all\nrun 40s")
        #expect(well.contains("ended 0\nsame run: ") && well.contains("replayed 0"), "\(well)")
        let failed = run(Self.office + "push 9.4(2)SR1 to all\nrun 40s\nexpect count(all) == 3")
        #expect(
            failed.contains("ended 1\nsame run: ") && failed.contains("replayed 0"),
            "\(failed)"
        )
        #expect(failed.contains("and it ends as it did: "), "\(failed)")
        for text in [well, failed] { #expect(!text.contains("told too much"), "\(text)") }
    }

    @Test("a session over a pipe and commands of -c are reported too")
    func otherCalls() {
        let pipe = run(
            Self.office + "push 9.4(2)SR1 to all\nrun 40s\nexpect 1 == 2",
            call: "< run.pfsh"
        )
        #expect(pipe.contains("ended 1\nsame run: "), "\(pipe)")
        let words = run("", call: "-c 'say $1; run 3s' two")
        #expect(words.contains("ended 0\nsame run: 0 events to 0:00:03.000"), "\(words)")
    }

    @Test("a run that is stopped is repeated to the event at which it was")
    func stopped() {
        let script =
            Self.office
            + "while on { push 9.4(2)SR1 to all; run until idle; push 9.2(1) to all; run until idle }"
        let text = run(
            script,
            in: "timeout --foreground -s INT 1",
            then: "grep '^stopped  *run to event [1-9]' out.txt | wc -l"
        )
        #expect(text.contains("ended 124\n1\nsame run: ") && text.contains("replayed 0"), "\(text)")
    }

    @Test(
        "the status of a replay says what came of it",
        arguments: [
            ("sed -i 's/^    run 40s/    run 41s/' out.txt", "another run: ", Int32(1)),
            ("sed -i 's/^version .*/version    0.0.1/' out.txt", "written by pfsh 0.0.1", 0),
            ("head -c 300 out.txt > cut; mv cut out.txt", "the file ends here", 2),
            ("cp \"$(command -v sh)\" out.txt", "is no report: line 1 is no text", 2),
            (": > out.txt", "it is empty", 2), ("rm out.txt", "there is no file", 3),
        ]
    )
    func status(change: String, words: String, status: Int32) {
        let text = run(Self.office + "push 9.4(2)SR1 to all\nrun 40s", then: change)
        #expect(text.contains(words) && text.contains("replayed \(status)"), "\(text)")
    }
}
