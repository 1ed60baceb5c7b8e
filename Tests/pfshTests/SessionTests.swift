// What a session remembers: the record that repeats it, short words, the lines typed, the first
// commands of the user's own.

import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("The session") struct SessionTests {
    private static let office = [
        "seed 11", "site branch wan 384kbps rtt 150ms", "subnet voice 10.4.0.0/24 site branch",
        "phones 3 model CP-7961G", "pfs enterprise on",
    ]

    private func run(_ lines: [String], in harness: ShellHarness) {
        for line in lines { _ = harness.session.runRecorded(line, name: "", mode: .prompt) }
    }

    /// The record of a session replayed in a new world.
    private func replayed(_ harness: ShellHarness) -> ShellHarness {
        let again = ShellHarness()
        let result = again.run(harness.session.host.notebook.script(seed: nil))
        #expect(result.status == 0, "\(result.text)")
        return again
    }

    @Test("a record replays to the same fingerprint and time, whatever failed on the way")
    func record() {
        let harness = ShellHarness()
        let lines = [
            "bogus", "push 9.4(2)SR1 to all", "ru 1500ms", "expect P1.done within 250ms",
            "run until P1.done within 40s", "phones 1 model nonsense", "let n = 3", "sh ph",
            "step 5", "repeat $n {\nrun 10ms\n}", "history", "remove P2", "run 5s",
        ]
        run(Self.office + lines, in: harness)
        let world = harness.session.host.world
        #expect(world.now.nanoseconds > 46_750_000_000)
        let again = replayed(harness).session.host.world
        #expect(again.fingerprint == world.fingerprint)
        #expect(again.now == world.now && again.eventCount == world.eventCount)
        #expect(again.seed == 11)
    }

    @Test("a run that was stopped is recorded as the number of its last event")
    func stopped() {
        let harness = ShellHarness()
        run(Self.office + ["push 9.4(2)SR1 to all"], in: harness)
        let before = Notebook.Mark(harness.session.host)
        _ = harness.run("run to event 40")
        let source = SourceText(name: "", text: "run until idle")
        let script = ShellRegistry.make().parse(source).script
        var notebook = harness.session.host.notebook
        let outcome = Outcome.failed(.interrupted)
        notebook.keep(script, outcome, from: before, in: harness.session.host)
        #expect(notebook.recorded.last == "run to event 40\n" && !notebook.isIncomplete)
    }

    @Test("a line whose first part changed the world before the last failed is said to be missing")
    func incomplete() {
        let harness = ShellHarness()
        run(Self.office + ["run 1s; expect 1 == 2"], in: harness)
        let script = harness.session.host.notebook.script(seed: 7)
        #expect(script.contains("# Incomplete: ") && script.contains("pfsh --seed 7 FILE"))
        let result = harness.run("record /dev/null")
        #expect(result.text.contains("warning: a line that failed half way"), "\(result.text)")
    }

    @Test("a record holds whole words, whatever was shortened")
    func recordOfShortened() {
        let harness = ShellHarness()
        let lines = [
            "server tftp1 lack SCCP41.9-4-2SR1-1S", "pfs dev P1 of untick", "sh ph state idl",
            "pus 8.5 all",
        ]
        run(Self.office + lines, in: harness)
        let script = harness.session.host.notebook.script(seed: nil)
        let wanted =
            "server tftp1 lacks SCCP41.9-4-2SR1-1S\npfs device P1 off unticked\n"
            + "show phones state idle\n"
        #expect(script.hasSuffix(wanted), "\(script)")
        #expect(replayed(harness).session.host.world.phones.count == 3)
    }

    @Test("what was due at an instant that a failed line let happen stands in the record")
    func recordOfInstant() {
        let harness = ShellHarness()
        let lines = [
            "push 9.4(2)SR1 to all", "run 4s", "reset all stagger 1ms", "cancel P1..P3",
            "expect now > 5s within 0s", "remove all", "step",
        ]
        run(Self.office + lines, in: harness)
        #expect(harness.session.host.notebook.recorded.contains("run 0s\n"))
        let (world, again) = (harness.session.host.world, replayed(harness).session.host.world)
        #expect(again.fingerprint == world.fingerprint && again.now == world.now)
    }

    @Test("record writes a script that runs, from a pipe too")
    func recordFile() {
        let lines = (Self.office + ["push 9.4(2)SR1 to all", "run 3s", "record out.pfsh"])
        let result = Calls.run(
            """
            printf '\(lines.joined(separator: "\\n"))\\n' | pfsh >/dev/null
            pfsh check out.pfsh && pfsh fmt --check out.pfsh && pfsh test --twice out.pfsh | tail -1
            grep -c record out.pfsh
            """
        )
        #expect(result.text == "# 1 passed, 0 failed\n0\n", "\(result.text)")
        #expect(Calls.run("pfsh -c 'record /nowhere/x'").status == 3)
    }

    @Test("run to event stops after exactly that event, and does not run backwards")
    func runToEvent() {
        let harness = ShellHarness()
        run(Self.office + ["push 9.4(2)SR1 to all", "run to event 40"], in: harness)
        let stepped = ShellHarness()
        run(Self.office + ["push 9.4(2)SR1 to all"], in: stepped)
        // A step may also be a deadline that was put off, which is no event.
        while stepped.session.host.world.eventCount < 40 { run(["step"], in: stepped) }
        let (world, other) = (harness.session.host.world, stepped.session.host.world)
        #expect(world.eventCount == 40 && world.fingerprint == other.fingerprint)
        #expect(harness.run("run to event 39").text.contains("40 events have happened already"))
        let over = ShellHarness().run("run to event 1")
        #expect(over.status == 2 && over.text.contains("nothing is left to happen after event 0"))
    }

    @Test("a short word stands for the beginning of a line, and never for a word of the language")
    func alias() {
        let harness = ShellHarness()
        #expect(harness.run("alias sp show phones").status == 0)
        #expect(harness.session.expanded("sp all") == "show phones all")
        #expect(harness.session.expanded("spa") == "spa")
        #expect(harness.run("show aliases").text.contains("sp   show phones"))
        for word in ["show", "let"] {
            #expect(harness.run("alias \(word) clock").text.contains("is a word of the language"))
        }
        #expect(harness.run("no alias sp").status == 0)
        #expect(harness.run("no alias sp").status == 2)
        #expect(harness.session.expanded("sp") == "sp")
    }

    @Test("history lists what was typed last, but not what began with a blank")
    func history() {
        let harness = ShellHarness()
        _ = harness.session.begin(initialScript: nil, typed: ["older"])
        for line in ["clock", " secret", "show phones"] { harness.session.remember(line) }
        #expect(harness.run("history").text == "1  older\n2  clock\n3  show phones\n")
        #expect(harness.run("history 1").text == "3  show phones\n")
        #expect(harness.run("history 0").status == 2)
    }

    @Test("init.pfsh lies where XDG says, and nowhere else")
    func initialScript() {
        let result = Process.run("d=$(mktemp -d); mkdir $d/pfsh; touch $d/pfsh/init.pfsh; echo $d")
        let folder = String(result.text.dropLast())
        func path(_ environment: [String: String]) -> String? {
            Prompt.initialScript { environment[$0] }
        }
        #expect(path(["XDG_CONFIG_HOME": folder, "HOME": "/"]) == folder + "/pfsh/init.pfsh")
        #expect(path(["XDG_CONFIG_HOME": "relative", "HOME": folder]) == nil)
        #expect(path(["HOME": "/nowhere"]) == nil)
        #expect(Process.run("rm -r '\(folder)'").status == 0)
    }

    @Test("init.pfsh runs at the prompt, its variables and short words count, --no-init leaves it")
    func initialScriptAtPrompt() throws {
        let made = Process.run(
            """
            d=$(mktemp -d); mkdir $d/pfsh; echo $d
            printf 'let greeting = "from init"\\nalias hi say\\n' > $d/pfsh/init.pfsh
            """
        )
        let folder = String(made.text.dropLast())
        let setting = ["XDG_CONFIG_HOME=\(folder)"]
        let session = try ShellSession(environment: setting)
        try session.expectPrompt()
        session.enter("hi $greeting")
        try session.expectRow("from init")
        let without = try ShellSession(arguments: ["--no-init"], environment: setting)
        try without.expectPrompt()
        without.enter("say $greeting")
        try without.expect("the variable is unknown") { session in
            session.screen.allRows.contains { $0.hasPrefix("error: ") }
        }
        #expect(Process.run("rm -r '\(folder)'").status == 0)
    }
}
