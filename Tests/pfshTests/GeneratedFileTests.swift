// Files that derive from the declarations and stand in the repository for those who install the shell:
// the man page and the completions for other shells. A test fails where one is out of date.

import ArgumentParser
import Interpreter
import Testing

@testable import pfsh

@Suite("Generated files") struct GeneratedFileTests {
    @Test("the man page is what the declarations say, and man reads it without a warning")
    func manPage() {
        let registry = ShellRegistry.make()
        record(ManPage.text(registry), "docs/pfsh.1")
        let path = "'\(Repository.root)/docs/pfsh.1'"
        if Process.run("command -v man").status == 0 {
            let result = Process.run(
                "LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l \(path) 2>&1 >/dev/null"
            )
            #expect(result == ("", 0))
        }
        for command in registry.grammar.commands {
            #expect(ManPage.text(registry).contains(ManPage.escaped(command.synopsis)))
        }
    }

    @Test(
        "the completions of the process flags are what the call declares",
        arguments: [
            (CompletionShell.bash, "docs/completions/pfsh.bash"),
            (CompletionShell.zsh, "docs/completions/_pfsh"),
            (CompletionShell.fish, "docs/completions/pfsh.fish"),
        ]
    )
    func completions(_ shell: CompletionShell, _ path: String) {
        record(CompletedCall.script(for: shell) + "\n", path)
    }

    @Test("bash completes calls and options with the file")
    func bash() {
        let result = Process.run(
            """
            bash --norc -c '
            source \(Repository.root)/docs/completions/pfsh.bash
            for line in "pfsh --jso" "pfsh test --jun" "pfsh chec"; do
                COMP_WORDS=($line); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE=$line
                COMP_POINT=${#line}; COMPREPLY=(); COMP_TYPE=9
                _pfsh pfsh "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                echo "${COMPREPLY[@]}"
            done'
            """
        )
        let words = result.text.split(separator: "\n").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(result.status == 0)
        #expect(words == ["--json", "--junit", "check"], "\(result.text)")
    }

    @Test("help --json is JSON that names every command")
    func helpInJSON() {
        let names = ShellRegistry.make().grammar.commands.map(\.name).sorted()
        let result = Process.run(
            """
            \(Calls.shell) -c 'help --json' | python3 -c '
            import json, sys
            shell = json.load(sys.stdin)
            assert all(shell[key] for key in shell), shell.keys()
            print("\\n".join(sorted(command["name"] for command in shell["commands"])))'
            """
        )
        #expect(result.text == names.map { $0 + "\n" }.joined())
    }

    private func record(_ text: String, _ path: String) {
        if let difference = Repository.difference(of: text, from: path) {
            Issue.record(Comment(rawValue: difference))
        }
    }
}

/// The man page, from the help of the process and the declarations of the commands.
enum ManPage {
    static func text(_ registry: Registry<ShellHost>) -> String {
        var lines = [
            ".\\\" Generated from the declarations of the shell; a test fails if it is out of date.",
            ".TH PFSH 1 \"\" \"pfsh \(Version.text)\" \"User Commands\"",
            ".SH NAME", "pfsh \\- simulated phones that share their firmware",
            ".SH SYNOPSIS",
        ]
        lines.append(escaped(PFSH.usageString()))
        lines += PFSH.configuration.subcommands.flatMap {
            [".PP", escaped(PFSH.usageString(for: $0))]
        }
        lines += [".SH DESCRIPTION", escaped(PFSH.configuration.discussion)]
        lines += [".SH OPTIONS"] + options(of: PFSH.helpMessage(columns: 72))
        for call in PFSH.configuration.subcommands {
            lines += [".SS pfsh \(call._commandName)", escaped(call.configuration.abstract)]
            lines +=
                call.configuration.discussion.isEmpty
                ? [] : [".PP", escaped(call.configuration.discussion)]
            lines += options(of: PFSH.helpMessage(for: call, columns: 72))
        }
        lines += [
            ".SH COMMANDS", "The commands of the language; \\fBhelp\\fR \\fINAME\\fR says more.",
        ]
        var group = ""
        for command in registry.grammar.commands {
            if command.group.title != group {
                group = command.group.title
                lines.append(".SS \(group)")
            }
            lines += [".TP", ".B \(escaped(command.synopsis))", escaped(command.summary)]
        }
        lines += [".SS Statements"]
        for statement in StatementHelp.all {
            lines += [".TP", ".B \(escaped(statement.synopsis))", escaped(statement.summary)]
        }
        return (lines + closing).map { $0 + "\n" }.joined()
    }

    private static let closing =
        [".SH EXIT STATUS"]
        + terms([
            ("0", "All well."), ("1", "An expectation failed."),
            ("2", "The script or the call is wrong."),
            ("3", "The world outside failed: a file, the network, a permission."),
            ("130", "Interrupted."), ("143", "Terminated."),
        ]) + [".SH ENVIRONMENT"]
        + terms([
            ("NO_COLOR", "If set to anything, errors are not coloured by themselves."),
            ("PFSH_HISTORY", "The file of the history; empty for none."),
            ("XDG_CONFIG_HOME", "Where pfsh/init.pfsh lies; ~/.config if not set."),
            (
                "XDG_STATE_HOME",
                "Where the history lies, in pfsh/history; ~/.local/state if not set."
            ),
        ]) + [".SH SEE ALSO", "The documents and examples that were installed with the shell."]

    private static func terms(_ terms: [(String, String)]) -> [String] {
        terms.flatMap { [".TP", ".B \(escaped($0.0))", escaped($0.1)] }
    }

    /// The sections ARGUMENTS and OPTIONS of a help text.
    private static func options(of help: String) -> [String] {
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        let begin = lines.firstIndex { $0 == "ARGUMENTS:" || $0 == "OPTIONS:" } ?? lines.endIndex
        let end = lines.firstIndex { $0 == "SUBCOMMANDS:" } ?? lines.endIndex
        let shown = lines[begin..<end].filter { !$0.hasSuffix("S:") && !$0.isEmpty }
        return preformatted(shown.joined(separator: "\n"))
    }

    private static func preformatted(_ text: String) -> [String] {
        [".PP", ".nf"] + text.split(separator: "\n").map { escaped(String($0)) } + [".fi"]
    }

    /// Text as roff holds it: backslashes, hyphens that are typed, and points that begin a line.
    static func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }
}
