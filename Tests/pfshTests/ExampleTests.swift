// Every example is a test: it runs, and prints what stands beside it.

import Interpreter
import Testing

@testable import pfsh

@Suite("Examples") struct ExampleTests {
    static let names = files(".pfsh")

    /// Those of `examples` and of the folders below it.
    private static func files(_ suffix: String) -> [String] {
        ["", "field/", "bugs/"].flatMap { folder in
            Repository.files(in: "examples/" + folder, suffix: suffix).map { folder + $0 }
        }
    }

    @Test("an example prints what was recorded", arguments: names)
    func transcript(_ name: String) {
        let harness = ShellHarness()
        let outcome = harness.session.runFile(Repository.root + "/examples/" + name)
        #expect(outcome == .finished, "\(harness.text.suffix(2_000))")
        let path = "examples/" + name.replacing(".pfsh", with: ".out")
        if let difference = Repository.difference(of: harness.text, from: path) {
            Issue.record(Comment(rawValue: difference))
        }
    }

    @Test("there are examples, each with its recorded output")
    func recorded() {
        #expect(Self.names.count >= 7)
        let outputs = Self.files(".out")
        #expect(outputs == Self.names.map { $0.replacing(".pfsh", with: ".out") })
    }
}

@Suite("Declarations") struct DeclarationTests {
    static let registry = ShellRegistry.make()

    @Test("every declaration of the shell is sound")
    func validation() {
        #expect(RegistryValidation.problems(of: Self.registry) == [])
    }

    @Test(
        "an example of a command runs",
        arguments: registry.grammar.commands.map(\.name)
    )
    func example(_ name: String) throws {
        let command = try #require(Self.registry.grammar.commands.first { $0.name == name })
        #expect(!command.examples.isEmpty)
        for example in command.examples {
            let harness = ShellHarness(isInteractive: true, allowsShell: true)
            let setup = harness.enter(example.setup.joined(separator: "\n"))
            #expect(setup.status == 0, "\(setup.text)")
            let checked = harness.session.check(SourceText(name: "", text: example.script))
            #expect(checked.diagnostics == [])
            let result = harness.enter(example.script)
            #expect(result.status == 0, "\(result.text)")
        }
    }

    @Test("docs/commands.md is what the declarations say")
    func manual() {
        let text = ManualGenerator.markdown(Self.registry)
        if let difference = Repository.difference(of: text, from: "docs/commands.md") {
            Issue.record(Comment(rawValue: difference))
        }
    }
}
