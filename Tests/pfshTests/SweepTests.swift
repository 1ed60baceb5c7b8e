// `pfsh sweep`: which runs there are, what a line says, and that no finished run is ever lost, whatever
// ends the sweep, one of its processes, or a line in the middle.

import Interpreter
import Testing

@testable import pfsh

@Suite("The grid of a sweep") struct SweepGridTests {
    @Test("seeds change fastest, the parameter given first slowest")
    func order() throws {
        let grid = try SweepGrid(settings: ["a=1,2", "b=x,y"], seeds: "5-6,9")
        let runs = (0..<grid.count).map { grid.run($0).text }
        #expect(
            runs == [
                "a=1 b=x seed 5", "a=1 b=x seed 6", "a=1 b=x seed 9", "a=1 b=y seed 5",
                "a=1 b=y seed 6", "a=1 b=y seed 9", "a=2 b=x seed 5", "a=2 b=x seed 6",
                "a=2 b=x seed 9", "a=2 b=y seed 5", "a=2 b=y seed 6", "a=2 b=y seed 9",
            ]
        )
        let whole = try SweepGrid(settings: [], seeds: "18446744073709551614-18446744073709551615")
        #expect(whole.count == 2 && whole.run(1).seed == .max)
    }

    @Test("parts of a grid have every run once, in its order", arguments: [1, 2, 3, 7, 12, 20])
    func parts(_ count: Int) throws {
        let grid = try SweepGrid(settings: ["a=1,2"], seeds: "1-6")
        var runs: [Int] = []
        for part in 1...count { runs += Array(try grid.part("\(part)/\(count)")) }
        #expect(runs == Array(0..<12))
    }

    @Test(
        "what is no grid is refused with the words that are wrong",
        arguments: [
            (["a"], "1", "NAME=VALUE"), (["=1"], "1", "NAME=VALUE"), (["a="], "1", "lacks a value"),
            (["a=1,,2"], "1", "lacks a value"), (["a=1", "a=2"], "1", "a is given twice"),
            (["a=1,1"], "1", "the value 1 twice"), ([], "", "expected seeds"),
            ([], "3-1", "behind its end"), ([], "1-5,5", "the seed 5 twice"),
            ([], "-1", "expected seeds"), ([], "1-2-3", "expected seeds"),
            ([], "0-18446744073709551615", "1000000 runs at most"),
            (["a=1,2"], "1-500001", "1000000 runs at most"),
        ]
    )
    func refusals(_ settings: [String], _ seeds: String, _ words: String) {
        do throws(Diagnostic) {
            _ = try SweepGrid(settings: settings, seeds: seeds)
            Issue.record("not refused")
        } catch {
            #expect(error.message.contains(words), "\(error.message)")
            #expect(error.kind == .mistake)
        }
    }

    @Test("a part that is none is refused", arguments: ["", "1", "0/2", "3/2", "1/2/3", "a/b"])
    func noPart(_ text: String) throws {
        let grid = try SweepGrid(settings: [], seeds: "1-4")
        #expect(throws: Diagnostic.self) { try grid.part(text) }
    }
}

@Suite("Sweeps") struct SweepTests {
    /// A folder with a script of small runs, and one whose second run never ends.
    private static func run(_ command: String) -> (text: String, status: Int32) {
        Calls.run(
            """
            cat > study.pfsh <<'END'
            parameter size = 3
            parameter wan = 1.544Mbps
            subnet voice 10.4.0.0/24
            phones $size model CP-7961G
            pfs enterprise on
            push 9.4(2)SR1 to all
            run 2s
            result roots count(where (root))
            result rate $wan
            expect $size < 5
            END
            cat > endless.pfsh <<'END'
            parameter run = 1
            if $run == 2 { while 1 == 1 { let x = 1 } }
            result run $run
            END
            : wait for a number of lines in a file
            lines() { while [ "$(cat "$2" 2>/dev/null | wc -l)" -lt "$1" ]; do sleep 0.02; done; }
            \(command)
            """
        )
    }

    @Test("each run has a line with its parameters, seed, fingerprint and results, in JSON")
    func lines() {
        let result = Self.run(
            """
            pfsh sweep study.pfsh --seeds 1-2 --set size=2,3 > lines.jsonl
            python3 - <<'END'
            import json
            lines = [json.loads(line) for line in open("lines.jsonl")]
            print([(line["parameters"], line["seed"], line["status"]) for line in lines])
            for line in lines:
                assert len(line["script"]) == len(line["fingerprint"]) == 16
                assert line["results"]["phones"] == int(line["parameters"]["size"])
                assert line["results"]["elapsed"] == 2 and line["results"]["rate"] == 1544000
                assert 0 < line["results"]["events"] and line["results"]["failed"] == 0
            print(len({line["fingerprint"] for line in lines}))
            END
            """
        )
        #expect(
            result.text == "[({'size': '2'}, 1, 0), ({'size': '2'}, 2, 0), "
                + "({'size': '3'}, 1, 0), ({'size': '3'}, 2, 0)]\n4\n"
        )
    }

    @Test("a line says what the shell itself says of the same run")
    func sameAsAlone() {
        let result = Self.run(
            """
            pfsh sweep study.pfsh --seeds 7 --set size=4 | grep -o '"events": [0-9]*'
            { sed 's/^parameter size.*/let size = 4/' study.pfsh; echo show results; } > one.pfsh
            pfsh --seed 7 one.pfsh | sed -n 's/^events *\\([0-9]*\\).*/"events": \\1/p'
            """
        )
        let lines = result.text.split(separator: "\n")
        #expect(lines.count == 2 && lines.first == lines.last, "\(result.text)")
    }

    @Test("one job or many, in parts or whole, to a file or not: the same lines in the same order")
    func sameLines() {
        let result = Self.run(
            """
            call="sweep study.pfsh --seeds 1-9 --set size=1,2,3"
            pfsh $call --jobs 1 > one
            pfsh $call --jobs 4 > many
            for part in 1 2 3 4; do pfsh $call --part $part/4; done > parts
            pfsh $call --out file
            cmp one many && cmp one parts && cmp one file && wc -l < one
            """
        )
        #expect(result.text.trimmed == "27", "\(result.text)")
        #expect(result.status == 0)
    }

    @Test("runs that fail are named, and the gravest status is the sweep's")
    func failures() {
        let result = Self.run("pfsh sweep study.pfsh --set size=4,5,6 | grep -o 'status.*'")
        #expect(result.text.contains("2 of 3 runs failed"), "\(result.text)")
        #expect(result.text.contains("size=5 seed 1 ended with status 1"))
        #expect(result.text.contains("\"error\": \"line 10: expected `$size < 5`"))
        #expect(Self.run("pfsh sweep study.pfsh --set size=4,5 >/dev/null").status == 1)
        let mistakes = Self.run("pfsh sweep study.pfsh --set size=4,99999 >/dev/null")
        #expect(mistakes.status == 2, "\(mistakes.text)")
    }

    @Test("a sweep that was killed goes on where it was, and repairs a half line")
    func goesOn() {
        let result = Self.run(
            """
            call="sweep study.pfsh --seeds 1-60 --set size=2,3"
            pfsh $call > whole
            \(Calls.shell) $call --out file --jobs 2 & pid=$!
            lines 5 file; kill -9 $pid; wait $pid 2>/dev/null
            done=$(wc -l < file); [ $done -lt 120 ] && echo killed half-way
            sed -i '1s/"fingerprint": "[^"]*"/"fingerprint": "kept"/' file
            printf '{"script": "19010b2' >> file
            pfsh $call --out file; echo $?
            grep -c kept file
            for lines in file whole; do sed 's/"fingerprint"[^,]*//' $lines > $lines.rest; done
            cmp file.rest whole.rest
            wc -l < file
            """
        )
        let lines = result.text.split(separator: "\n").map { String($0).trimmed }
        #expect(lines.first { $0.hasPrefix("warning") } != nil, "\(result.text)")
        #expect(
            lines.filter { !$0.hasPrefix("warning") } == [
                "killed half-way", "0", "1", "120",
            ],
            "\(result.text)"
        )
    }

    @Test("a process that dies takes its run along and no other, and the next call runs it again")
    func lostRun() {
        let result = Self.run(
            """
            \(Calls.shell) sweep endless.pfsh --set run=1,2,3 --jobs 1 --out file & pid=$!
            lines 1 file
            kill -9 $(cat /proc/$pid/task/$pid/children); wait $pid; echo $?
            grep -o '"status.*' file
            sed -i 's/== 2/== 7/' endless.pfsh; pfsh sweep endless.pfsh --set run=1 > now
            digest=$(grep -o '"script": "[^"]*"' now)
            sed -i "s/\\"script\\": \\"[^\\"]*\\"/$digest/" file
            pfsh sweep endless.pfsh --set run=1,2,3 --jobs 1 --out file; echo $?
            grep -c '"status": 0' file
            """
        )
        let lines = result.text.split(separator: "\n").map(String.init)
        #expect(lines.contains("3"), "\(result.text)")
        #expect(
            result.text.contains(
                "\"status\": null, \"error\": \"the process that ran it was ended by signal 9\"}"
            )
        )
        #expect(lines.suffix(2) == ["0", "3"], "\(result.text)")
    }

    @Test(
        "Ctrl-C ends a sweep with 130 and keeps the lines; its processes end, also if it is killed"
    )
    func stopped() {
        let result = Self.run(
            """
            for signal in INT KILL; do
                rm -f file
                env --default-signal=INT \(Calls.shell) sweep endless.pfsh --set run=1,2,3 \\
                    --jobs 1 --out file & pid=$!
                lines 1 file; sleep 0.1
                worker=$(cat /proc/$pid/task/$pid/children)
                kill -$signal $pid; wait $pid; echo "ended with $?"
                for turn in $(seq 500); do [ -e /proc/$worker ] || break; sleep 0.02; done
                [ -e /proc/$worker ] && kill -9 $worker && echo "the worker goes on"
                wc -l < file
            done 2>/dev/null
            """
        )
        let lines = result.text.split(separator: "\n").map { String($0).trimmed }
        #expect(lines == ["ended with 130", "1", "ended with 137", "1"], "\(result.text)")
    }

    @Test("lines of another script, and what is no line, are never overwritten")
    func foreign() {
        let result = Self.run(
            """
            pfsh sweep study.pfsh --out file; cp file before
            pfsh sweep endless.pfsh --out file; echo $?; cmp file before
            echo 'precious' > notes; pfsh sweep study.pfsh --out notes; echo $?; cat notes
            pfsh sweep study.pfsh --seeds 5-6 --out file; grep -o '"seed": .' file
            pfsh sweep study.pfsh --out /nowhere/file; echo $?
            """
        )
        #expect(result.text.contains("file, line 1, comes from another script"), "\(result.text)")
        #expect(result.text.contains("notes, line 1, is no line of a sweep"))
        let lines = result.text.split(separator: "\n").map(String.init)
        #expect(
            lines.filter { $0.count < 10 } == [
                "2", "2", "precious", "\"seed\": 1", "\"seed\": 5", "\"seed\": 6", "3",
            ],
            "\(result.text)"
        )
    }

    @Test("a mistake in --set names the parameter and the nearest word, before anything runs")
    func mistakes() {
        let name = Self.run("pfsh sweep study.pfsh --set sise=3")
        #expect(name.status == 2)
        #expect(
            name.text
                == "error: --set: the script has no parameter `sise`\n"
                + "  hint: did you mean `size`?\n"
        )
        let type = Self.run("pfsh sweep study.pfsh --set size=3 --set wan=1s")
        #expect(type.text == "error: --set: wan is a rate, not 1s\n" && type.status == 2)
        #expect(Self.run("pfsh sweep good.pfsh --set a=1").text.contains("has no parameters"))
        #expect(Self.run("pfsh sweep bad.pfsh").text.contains("bad.pfsh:3:5: error: "))
        #expect(Self.run("pfsh sweep none.pfsh").status == 3)
        #expect(Self.run("pfsh sweep study.pfsh --jobs 0").status == 2)
        #expect(Self.run("pfsh sweep study.pfsh --part 3/2").status == 2)
    }

    @Test("a result of every run cannot be named again, and of two the last counts")
    func results() {
        let harness = ShellHarness()
        #expect(harness.run("result phones 3").status == 2)
        #expect(harness.text.contains("phones is a result of every run"))
        let shown = harness.run("result a 1; result b 2; result a 3s\nshow results | tail 2")
        #expect(shown.text == "result value\na         3s\nb          2\n", "\(shown.text)")
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
