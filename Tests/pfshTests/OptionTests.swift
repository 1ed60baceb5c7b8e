// Options that change what a session prints: JSON, colour, the log in a file.

import Testing

@testable import pfsh

@Suite("Options") struct OptionTests {
    @Test("a program in Python drives a session over a pipe, one object for each command")
    func drive() {
        let result = Calls.run(
            #"""
            cat > drive.py <<'END'
            import json, subprocess, sys
            shell = subprocess.Popen([sys.argv[1], "--json"], text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            def ask(command):
                shell.stdin.write(command + "\n")
                shell.stdin.flush()
                return json.loads(shell.stdout.readline())
            assert ask("subnet voice 10.4.0.0/24")["ok"]
            assert ask("phones 2 model CP-7961G") == {"ok": True, "value": None, "now": 0}
            rows = ask("show phones")["value"]
            assert [row["name"] for row in rows] == ["P1", "P2"], rows
            wrong = ask("say 1; bogus")
            assert not wrong["ok"] and wrong["status"] == 2, wrong
            place = wrong["error"]
            assert (place["line"], place["column"]) == (4, 8), place
            assert place["message"] == "unknown command `bogus`", place
            failed = ask("expect P1.done")
            assert failed["status"] == 1 and failed["error"]["kind"] == "failed expectation"
            assert ask("say 1.5s")["value"] == 1.5
            assert ask("say \"a\\\"b\\n\\u{1}é\"")["value"] == 'a"b\n\x01é'
            assert ask("repeat 2 {\nsay on\n}")["values"] == [True, True]
            assert ask("log follow")["ok"]
            assert ask("pfs enterprise on; push 9.4(2)SR1 to all")["ok"]
            run = ask("run 3s")
            assert run["now"] == 3 and any("HROOT" in line for line in run["lines"]), run
            shell.stdin.close()
            print("driven", shell.wait())
            END
            python3 drive.py \#(Calls.shell)
            """#
        )
        #expect(result.text == "driven 2\n", "\(result.text)")
    }

    @Test("a script answers one object")
    func script() {
        let result = Calls.run("pfsh --json good.pfsh; pfsh --json -c 'bogus; let 3'")
        let lines = result.text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first == "{\"ok\": true, \"value\": \"one\", \"now\": 0}")
        #expect(lines.last?.contains("\"errors\": [") ?? false)
    }

    @Test("errors are coloured where it is asked for, and say the same without colour")
    func color() {
        let plain = Calls.run("pfsh bad.pfsh").text
        #expect(!plain.contains("\u{1B}"))
        let colored = Calls.run("NO_COLOR=1 pfsh --color always bad.pfsh").text
        #expect(colored.contains("\u{1B}[1;31merror\u{1B}[0m: "))
        #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
        #expect(Calls.run("pfsh --color pink bad.pfsh").status == 2)
    }

    @Test("colour by itself comes on a terminal that has it, unless NO_COLOR is set")
    func colorChoice() {
        func onTerminal(_ settings: String) -> String {
            let spawn = "import pty, sys; pty.spawn(sys.argv[1:])"
            return Calls.run(
                "\(settings) python3 -c '\(spawn)' \(Calls.shell) bad.pfsh < /dev/null"
            ).text
        }
        #expect(onTerminal("NO_COLOR= TERM=xterm").contains("\u{1B}[1;31merror"))
        for settings in ["NO_COLOR=1 TERM=xterm", "NO_COLOR= TERM=dumb"] {
            let text = onTerminal(settings)
            #expect(text.contains("error: ") && !text.contains("\u{1B}[1;31m"), "\(text)")
        }
    }

    @Test("--log writes the lines of all phones while time passes, though the prompt shows some")
    func log() {
        let script = """
            subnet v 10.4.0.0/24; phones 2 model CP-7961G; pfs enterprise on
            log filter P1
            push 9.4(2)SR1 to all
            run 3s
            """
        let result = Calls.run(
            "pfsh --log out.log -c '\(script)' > /dev/null; cut -d' ' -f1 out.log | sort -u; "
                + "grep -c HROOT out.log; cut -c14-28 out.log | sort -c && echo sorted"
        )
        #expect(result.text == "P1\nP2\n1\nsorted\n", "\(result.text)")
        let refused = Calls.run("pfsh --log /nowhere/out.log -c 'say 1'")
        #expect(refused.status == 3 && refused.text.contains("/nowhere/out.log cannot be written"))
    }
}
