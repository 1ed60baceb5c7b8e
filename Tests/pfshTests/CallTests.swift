// The calls of the process besides running: check, fmt, test, and the options that change what a
// session prints.

import Interpreter
import Testing

@testable import pfsh

/// The shell in a folder of its own.
enum Calls {
    static let shell = "'\(ShellSession.shellPath)'"

    /// Runs `command` in a new folder that is removed afterwards; `pfsh` in it is the shell under test.
    static func run(_ command: String) -> (text: String, status: Int32) {
        Process.run(
            """
            pfsh() { \(shell) "$@"; }
            folder=$(mktemp -d); trap 'rm -r "$folder"' EXIT; cd "$folder"
            printf 'say "one"\\n' > good.pfsh
            printf 'bogus\\nsay 1\\nlet 3\\n' > bad.pfsh
            printf 'say "two"\\nexpect 1 == 2\\n' > failing.pfsh
            \(command)
            """
        )
    }
}

@Suite("Checking and formatting") struct CheckTests {
    @Test("check reports all errors of all files at once and runs nothing")
    func check() {
        let result = Calls.run("pfsh check bad.pfsh good.pfsh failing.pfsh")
        #expect(result.status == 2)
        #expect(result.text.contains("bad.pfsh:1:1: error: unknown command `bogus`"))
        #expect(result.text.contains("bad.pfsh:3:5: error: "))
        #expect(!result.text.contains("one") && !result.text.contains("two"))
        #expect(Calls.run("pfsh check good.pfsh failing.pfsh") == ("", 0))
        #expect(Calls.run("pfsh check good.pfsh none.pfsh").status == 3)
    }

    @Test("every example is without errors and warnings")
    func checkedExamples() {
        let result = Process.run(
            "cd '\(Repository.root)'; \(Calls.shell) check --strict examples/*.pfsh"
        )
        #expect(result == ("", 0))
    }

    @Test("check finds what no argument can be, and names that are not there")
    func meaning() {
        let result = Calls.run(
            """
            printf 'phone P1 model CP-7961X\nsubnet v 10.4.0.1/24\nrun until P1.stat == idle\n\
            show phones | where stat == idle\nexpect P1.state == servin\n' > a.pfsh
            pfsh check a.pfsh
            """
        )
        #expect(result.status == 2)
        for word in ["CP-7961G", "10.4.0.0/24", "`state`", "`serving`"] {
            #expect(result.text.contains(word), "\(word) in \(result.text)")
        }
    }

    @Test("a warning leaves the status at 0 unless the call is strict")
    func strictness() {
        let script = "printf 'let x = 1\\n' > a.pfsh; printf 'exit\\nsay 1\\n' > b.pfsh; "
        let result = Calls.run(script + "pfsh check b.pfsh")
        #expect(result.text.contains("b.pfsh:2:1: warning: ") && result.status == 0)
        #expect(Calls.run(script + "pfsh check --strict b.pfsh").status == 2)
    }

    @Test("a script that another one sources is checked there, from that one's folder")
    func sourced() {
        let files = """
            mkdir parts; printf 'say $size\\nsay 1 + on\\n' > parts/a.pfsh
            printf 'let size = 1\\nsource parts/a.pfsh\\n' > main.pfsh
            """
        let result = Calls.run(files + "; pfsh check main.pfsh ./parts/a.pfsh")
        #expect(result.text.contains("parts/a.pfsh:2:5: error: "))
        #expect(result.text.contains("main.pfsh:2:1: note: sourced from here"))
        #expect(result.text.ranges(of: "error: ").count == 1)
        #expect(Calls.run(files + "; pfsh check parts/a.pfsh").text.contains("variable `$size`"))
        #expect(Calls.run("printf 'source gone\\n' > a; pfsh check ./a").status == 3)
    }

    @Test("a call without files, or with an option it does not have, is wrong and says how it goes")
    func wrong() {
        for call in ["check", "fmt", "test", "check --nonsense good.pfsh", "fmt --check --write a"]
        {
            let result = Calls.run("pfsh \(call)")
            #expect(result.status == 2, "\(call): \(result.text)")
            #expect(result.text.contains("Error: ") && result.text.contains("pfsh "), "\(call)")
        }
        #expect(Calls.run("pfsh test --help").text.contains("--junit"))
        #expect(Calls.run("pfsh help fmt").text.contains("--check"))
    }

    @Test("a file named as a call is run by its path")
    func namedAsCall() {
        #expect(Calls.run("cp good.pfsh test; pfsh ./test") == ("one\n", 0))
        #expect(Calls.run("pfsh -c 'say $1' test") == ("test\n", 0))
    }

    @Test("fmt prints the standard form and keeps every comment and single blank lines")
    func standardForm() {
        let script = """
            # top


            let   x=3 ;say $x # tail
            if $x==3 {# first
             say   "a"

             # inner

            } else {  say "b" }  # after
            let y = [1, # kept
             2]
            ! ios
            """
        let expected = """
            # top

            let x = 3
            say $x  # tail
            if $x == 3 {  # first
                say "a"

                # inner
            } else {
                say "b"
            }  # after
            let y = [1, # kept
             2]
            ! ios

            """
        let result = Calls.run("cat > a.pfsh <<'END'\n\(script)\nEND\npfsh fmt a.pfsh")
        #expect(result.text == expected)
        let crlf = Calls.run(
            "cat > a.pfsh <<'END'\n\(script)\nEND\nsed -i 's/$/\\r/' a.pfsh; pfsh fmt a.pfsh"
        )
        #expect(crlf.text == expected)
    }

    @Test("a comment that has no place in the standard form is an error, never lost")
    func misplaced() {
        let result = Calls.run(
            "printf 'if (1 == # why\\n1) { say 1 }\\n' > a.pfsh; pfsh fmt a.pfsh"
        )
        #expect(result.status == 2)
        #expect(result.text.contains("a.pfsh:1:1: error: a comment inside the brackets"))
    }

    @Test("fmt --check names what is in another form, --write changes it, and then it is standard")
    func checkAndWrite() {
        let result = Calls.run(
            """
            printf 'say   1 # x\\n' > a.pfsh
            pfsh fmt --check good.pfsh a.pfsh; echo $?
            pfsh fmt --write good.pfsh a.pfsh; echo $?
            pfsh fmt --check good.pfsh a.pfsh; echo $?; cat a.pfsh
            """
        )
        #expect(result.text == "a.pfsh\n1\n0\n0\nsay 1  # x\n")
        #expect(Calls.run("pfsh fmt bad.pfsh").status == 2)
    }

    @Test("every example is in standard form")
    func examples() {
        let result = Process.run(
            "cd '\(Repository.root)'; \(Calls.shell) fmt --check examples/*.pfsh"
        )
        #expect(result == ("", 0))
    }
}

@Suite("Scripts as tests") struct TestCallTests {
    @Test("results are TAP, and what a failed script printed stands below it")
    func tap() {
        let result = Calls.run("pfsh test good.pfsh failing.pfsh")
        #expect(result.status == 1)
        let lines = result.text.split(separator: "\n").map(String.init)
        #expect(
            lines.starts(with: [
                "TAP version 14", "ok 1 - good.pfsh", "not ok 2 - failing.pfsh",
                "# ended with status 1", "#   two",
            ])
        )
        #expect(lines.suffix(2) == ["1..2", "# 1 passed, 1 failed"])
        #expect(Calls.run("pfsh test bad.pfsh failing.pfsh").status == 2)
        #expect(Calls.run("pfsh test good.pfsh none.pfsh").status == 3)
    }

    @Test("a test block has its own result, and one that failed fails the script")
    func blocks() {
        let result = Calls.run(
            """
            printf 'test "one" { expect 1 == 1 }\ntest "two" { expect 1 == 2 }\n' > blocks.pfsh
            pfsh test --twice blocks.pfsh
            """
        )
        #expect(result.status == 1)
        #expect(result.text.contains("\nok 1 - blocks.pfsh: one\nnot ok 2 - blocks.pfsh: two\n"))
        #expect(result.text.contains("#   blocks.pfsh:2:21: error: expected `1 == 2`\n"))
        #expect(result.text.contains("\nnot ok 3 - blocks.pfsh\n"), "\(result.text)")
    }

    @Test("--filter chooses by path, and a filter that matches nothing is a wrong call")
    func filter() {
        let result = Calls.run("pfsh test --filter '^good' good.pfsh failing.pfsh")
        #expect(result.status == 0)
        #expect(result.text.contains("\nok 1 - good.pfsh\n1..1\n"))
        #expect(Calls.run("pfsh test --filter nothing good.pfsh").status == 2)
    }

    @Test("--junit writes XML that a parser reads, with the same counts")
    func junit() {
        let result = Calls.run(
            """
            printf 'say "<&\\\\u{1}>"\\nexpect 1 == 2\\n' > odd.pfsh
            pfsh test --junit out.xml good.pfsh odd.pfsh > /dev/null
            python3 - <<'END'
            import xml.etree.ElementTree as tree
            suite = tree.parse("out.xml").getroot()
            print(suite.get("tests"), suite.get("failures"), len(suite.findall("testcase/failure")))
            print(suite.findall("testcase")[1].find("failure").text.splitlines()[0])
            END
            """
        )
        #expect(result.text == "2 1 1\n<&?>\n", "\(result.text)")
    }

    @Test("--twice runs a script twice and finds what differs")
    func twice() {
        let result = Calls.run(
            """
            pfsh test --twice '\(Repository.root)/examples/three-phones.pfsh'
            mkfifo pipe.pfsh
            { printf 'say 1\\n' > pipe.pfsh; sleep 0.2; printf 'say 2\\n' > pipe.pfsh; } &
            pfsh test --twice pipe.pfsh
            """
        )
        #expect(result.text.contains("ok 1 - \(Repository.root)/examples/three-phones.pfsh\n"))
        #expect(result.text.contains("not ok 1 - pipe.pfsh\n# the second run printed something"))
        #expect(result.status == 1)
    }

    @Test("--strict fails a script that warns")
    func strict() {
        let script = "printf 'for p in P* { say $p }\\n' > warns.pfsh; pfsh test warns.pfsh"
        #expect(Calls.run(script).status == 0)
        let result = Calls.run(script + " >/dev/null; pfsh test --strict warns.pfsh")
        #expect(result.status == 1)
        #expect(result.text.contains("# it warned"), "\(result.text)")
    }
}
