// What is derived from the declarations: validation, examples, help, the manual, completion.

import Interpreter
import Testing

struct RegistryTests {
    static let registry = ToyCommands.registry
    static let commands = registry.grammar.commands.map(\.name)

    @Test("the toy world's declarations are sound")
    func sound() { #expect(RegistryValidation.problems(of: Self.registry) == []) }

    @Test("faulty declarations are found")
    func faulty() {
        let faulty = Command<ToyHost>(
            "say",
            group: lampGroup,
            summary: "no sentence",
            .optional("a", kind: .object("ghost"), help: "x"),
            .argument("b", help: ""),
            examples: []
        ) { (_: inout ToyHost, _: ObjectReference?, _: String) throws(Diagnostic) -> Output in .none
        }
        let registry = Registry<ToyHost>(
            commands: [faulty, faulty],
            selectable: Self.registry.selectable,
            properties: [Property("not", of: "x", type: .bool, help: "") { _, _ in .none }]
        )
        let problems = RegistryValidation.problems(of: registry).joined(separator: "\n")
        for part in [
            "two commands `say`", "begins a statement of the language", "the summary is not",
            "no example", "required behind `a`", "has no help", "unknown kind of object, ghost",
            "`not` is a word of the language", "of an unknown kind x",
        ] {
            #expect(problems.contains(part), "\(part) in\n\(problems)")
        }
    }

    @Test("every command's examples run", arguments: commands)
    func examples(_ name: String) throws {
        let command = try #require(Self.registry.grammar.commands.first { $0.name == name })
        for example in command.examples {
            var session = ToySession(example.setup)
            #expect(session.run(example.script) == .finished, "\(session.transcript)")
        }
    }

    @Test("every statement's example runs", arguments: StatementHelp.all.map(\.name))
    func statementExamples(_ name: String) throws {
        let statement = try #require(StatementHelp.all.first { $0.name == name })
        var session = ToySession()
        #expect(session.run(statement.example).exitStatus == 0, "\(session.transcript)")
    }

    @Test("help on a command shows its synopsis, parameters and examples")
    func help() throws {
        let lines = try HelpRenderer.lines(on: "lamp", Self.registry)
        #expect(
            lines.joined(separator: "\n") == """
                lamp NAME [room ROOM] [watts NUMBER] [lights in DURATION] [lit]

                Add a lamp.

                  NAME                what to call it
                  room ROOM           the room it is in; the kitchen if not given
                  watts NUMBER        what it takes; 40 if not given
                  lights in DURATION  when it lights by itself
                  lit                 it is lit at once

                Example:
                  lamp L1 room hall watts 60
                """
        )
    }

    @Test("help names every command and stays within the screen")
    func overview() {
        let lines = HelpRenderer.overview(Self.registry, width: 60)
        for name in Self.commands { #expect(lines.contains { $0.hasPrefix("  \(name) ") }) }
        #expect(lines.allSatisfy { displayWidth($0) <= 80 })
    }

    @Test("help on a first word lists its commands; on a wrong one the nearest")
    func helpNearest() throws {
        let lines = try HelpRenderer.lines(on: "show", Self.registry)
        #expect(lines.count == 3)
        let error = #expect(throws: Diagnostic.self) {
            try HelpRenderer.lines(on: "lmap", Self.registry)
        }
        #expect(error?.hints == ["did you mean `lamp`?"])
    }

    @Test(
        "each topic has its lines",
        arguments: [
            ("properties", "watts"), ("functions", "count(SELECTOR)"), ("selectors", "room ROOM"),
            ("statements", "while CONDITION"), ("expect", "expect CONDITION"),
        ]
    )
    func topics(_ topic: String, _ part: String) throws {
        let lines = try HelpRenderer.lines(on: topic, Self.registry)
        #expect(lines.contains { $0.contains(part) })
    }

    @Test("the manual has every command, statement, property, function and selector")
    func manual() {
        let manual = ManualGenerator.markdown(Self.registry)
        for name in Self.commands + StatementHelp.all.map(\.name) {
            #expect(manual.contains("\n### \(name)\n"))
        }
        #expect(manual.contains("| `lamp.glow` | its light: lit, dark |"))
        #expect(manual.contains("| `house.lamps` |"))
        #expect(manual.contains("| `watts(SELECTOR)` |"))
        #expect(
            manual.contains("`turn SELECTOR lit\\|dark`")
                || manual.contains("`turn SELECTOR lit|dark`")
        )
    }

    // MARK: Completion

    static let world = [
        "lamp L1", "lamp L2 room hall", "lamp M1", "let limit = 3",
        "proc greet who times=1 { repeat $times { say $who } }",
    ]

    private func words(_ text: String) -> [String] {
        let session = ToySession(Self.world)
        return session.interpreter.completion(of: text, at: text.utf8.count).candidates.map(\.text)
    }

    @Test(
        "completion offers what can follow",
        arguments: [
            ("tu", ["turn"]), ("show ", ["lamps", "log", "agenda"]), ("show la", ["lamps"]),
            ("no ", ["turn", "at", "every", "when", "never"]), ("turn L", ["L1", "L2"]),
            ("turn L1,M", ["M1"]),
            ("turn L1..L", ["L1", "L2"]),
            ("turn ", ["all", "room", "where", "L1", "L2", "M1"]),
            ("turn L1 ", ["lit", "dark"]), ("turn L1 d", ["dark"]),
            ("lamp X r", ["room"]), ("lamp X room ", ["kitchen", "hall"]),
            ("lamp X room hall l", ["lights in", "lit"]),
            ("turn (room h", ["hall"]), ("turn (wh", ["where"]),
            ("turn (where (gl", ["glow"]), ("turn (where (glow == ", ["lit", "dark"]),
            ("say L1.", ["lit", "watts", "room", "plug", "glow", "name"]),
            ("say L1.room.s", ["size"]), ("say room(ha", ["hall"]), ("say house.", ["lamps"]),
            ("say room(hall).", ["size"]), ("say season == ", ["summer", "winter"]),
            ("say $li", ["limit"]), ("say \"$li", ["limit"]), ("say per", ["percentile("]),
            ("if on { sh", ["show"]), ("say 1; tu", ["turn"]), ("expect L1.lit wi", ["within"]),
            ("run un", ["until"]), ("run until L1.l", ["lit"]), ("run until L1.lit w", ["within"]),
            ("show lamps | columns ", ["name", "room", "watts"]),
            ("show lamps | columns name,r", ["room"]), ("show lamps | sort w", ["watts"]),
            ("show lamps | sort watts ", ["desc"]), ("show lamps | where ro", ["room", "room("]),
            ("show lamps | columns name,watts | sort ", ["name", "watts"]),
            ("gre", ["greet"]), ("let a = gre", ["greet"]), ("greet ", ["who=", "times="]),
            ("greet you ", ["times="]), ("greet you t", ["times="]), ("greet who=a ", ["times="]),
            ("show lamps | where glow == ", ["lit", "dark"]),
            ("for l i", ["in"]), ("for l in r", ["room"]), ("nonsense ", []), ("turn L1 lit x", []),
        ] as [(String, [String])]
    )
    func completes(_ text: String, _ expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test("an empty line completes to every first word")
    func completesNothing() {
        let found = words("")
        #expect(found.contains("lamp") && found.contains("say") && found.contains("no"))
        #expect(found.count == Set(found).count)
    }

    @Test("a completion says where its word begins, and a cursor inside a line counts")
    func completionStart() {
        let session = ToySession(Self.world)
        #expect(session.interpreter.completion(of: "turn L1,M", at: 9).start == 8)
        let inside = session.interpreter.completion(of: "tu L1 lit", at: 2)
        #expect(inside.start == 0)
        #expect(inside.candidates.map(\.text) == ["turn"])
    }

    @Test("a question mark lists what can follow with one line each")
    func questionMark() {
        let session = ToySession(Self.world)
        #expect(
            session.interpreter.help(of: "run ", at: 4) == [
                "  DURATION  for how long",
                "  until     Let time go on until a condition holds.",
            ]
        )
        #expect(
            session.interpreter.help(of: "lamp X ", at: 7).last
                == "  <Enter>    the command is whole"
        )
    }

    @Test("a statement's file is completed by the prompt")
    func files() {
        let session = ToySession()
        #expect(session.interpreter.completion(of: "source ", at: 7).takesFile)
        #expect(!session.interpreter.completion(of: "turn ", at: 5).takesFile)
    }
}
