// What goes to other programs: commands for sh, exports, the command that repeats a failure.

import Glibc
import Interpreter
import Testing

@testable import pfsh

@Suite("Other programs") struct OutsideTests {
    @Test("a script runs no other program unless the call allows it")
    func refused() {
        let result = ShellHarness().run("!echo here")
        #expect(result.status == 2 && result.text.contains("--allow-shell"), "\(result.text)")
        let shell = ShellHarness(allowsShell: true)
        #expect(shell.run("!echo here; echo \"$((1 + 1))\"").text == "here\n2\n")
        let failed = shell.run("!echo said; exit 7")
        #expect(failed.status == 3 && failed.text.contains("said\n"), "\(failed.text)")
        #expect(failed.text.contains("status 7"))
        // Its input is empty: it takes nothing of a script that comes through a pipe.
        #expect(shell.run("!cat").text == "")
    }

    @Test("a blank behind the exclamation mark makes a comment still")
    func comments() {
        #expect(ShellHarness().run("! interface\n!\nsay 1\n").text == "1\n")
    }

    @Test("a record holds no command of another program, and the standard form keeps it whole")
    func recordAndForm() throws {
        let shell = ShellHarness(isInteractive: true, allowsShell: true)
        #expect(shell.enter("!true").status == 0)
        #expect(shell.enter("subnet v 10.4.0.0/24").status == 0)
        #expect(!shell.session.host.notebook.script(seed: nil).contains("!"))
        let text = try shell.session.formatted(SourceText(name: "t", text: "!ls  -l | wc\n"))
        #expect(text == "!ls  -l | wc\n")
    }

    private static let world = """
        site branch wan 1.544Mbps rtt 20ms
        subnet voice 10.4.0.0/24 site branch
        phones 6 model CP-7961G
        pfs enterprise on
        firmware define SCCP41.9-9-9TEST sizes 648B,100KB
        push SCCP41.9-9-9TEST to all
        run until idle

        """

    @Test("an export is what other programs read, and the same each time")
    func exports() {
        let folder = "/tmp/pfsh-export-\(getpid())"
        #expect(Process.run("mkdir \(folder)").status == 0)
        defer { _ = Process.run("rm -r \(folder)") }
        for turn in ["one", "two"] {
            for suffix in ["html", "svg", "dot", "json"] {
                let result = ShellHarness().run(Self.world + "export \(folder)/\(turn).\(suffix)")
                #expect(result.status == 0, "\(result.text)")
            }
        }
        let check = Process.run(
            """
            cd \(folder) && for s in html svg dot json; do cmp one.$s two.$s || exit 1; done
            python3 - <<'END'
            import json, re, xml.etree.ElementTree as tree
            from html.parser import HTMLParser
            world = json.load(open("one.json"))
            assert len(world["phones"]) == 6 and len(world["files"]) == 12, world
            servers = [f for f in world["files"] if not f["from_phone"]]
            assert len(servers) == 2 and servers[0]["from"] == "tftp1", servers
            root = tree.parse("one.svg").getroot()
            svg = "{http://www.w3.org/2000/svg}"
            marks = [m for m in root.iter() if m.find(svg + "title") is not None and m is not root]
            assert len(marks) == 12, len(marks)
            text = open("one.dot").read()
            assert text.count("->") == 12 and text.count("{") == text.count("}"), text
            open_tags = []
            class Check(HTMLParser):
                def handle_starttag(self, tag, attributes):
                    if tag not in ("meta", "rect", "circle", "line"): open_tags.append(tag)
                def handle_endtag(self, tag):
                    if tag in ("rect", "circle", "line"): return
                    assert open_tags.pop() == tag, tag
            Check().feed(open("one.html").read())
            assert not open_tags
            END
            """
        )
        #expect(check.status == 0, "\(check.text)")
    }

    @Test("files that cannot be read or written are the world's fault, and change nothing")
    func noFile() {
        for line in [
            "export /nowhere/a.svg", "push file /nowhere to all", "push file /dev/null to all",
        ] {
            let shell = ShellHarness()
            #expect(shell.run("subnet voice 10.4.0.0/24\nphones 2 model CP-7961G").status == 0)
            let result = shell.run(line)
            #expect(result.status == 3, "\(line): \(result.text)")
            #expect(shell.run("say count(state idle)").text == "2\n")
        }
    }

    @Test("a failed expectation says how to repeat it")
    func repetition() {
        let script = "printf 'seed 5\\nrun 1s\\nexpect 1 == 2\\n' > \"a b.pfsh\"; "
        let file = Calls.run(script + "pfsh 'a b.pfsh' x=1 \"it's\"")
        #expect(file.status == 1)
        #expect(
            file.text.contains(#"again with: pfsh --seed 5 'a b.pfsh' x=1 'it'\''s'"#),
            "\(file.text)"
        )
        let text = Calls.run("pfsh --seed 9 -c 'expect 1 == 2'")
        #expect(text.text.contains("again with: pfsh --seed 9 -c 'expect 1 == 2'"), "\(text.text)")
        let test = Calls.run(script + "pfsh test --seed 3 'a b.pfsh'")
        #expect(test.text.contains("again with: pfsh test --seed 3 'a b.pfsh'"), "\(test.text)")
        #expect(!ShellHarness(isInteractive: true).enter("expect 1 == 2").text.contains("again"))
    }

    @Test("a chain of calls without an end is shown by its ends")
    func longChain() {
        let text = ShellHarness().run("proc f { f }\nf").text
        #expect(text.contains("more than 64 calls within one another"))
        #expect(text.contains("note: 56 more calls between"))
        #expect(text.ranges(of: "called from here").count == 8, "\(text)")
    }
}
