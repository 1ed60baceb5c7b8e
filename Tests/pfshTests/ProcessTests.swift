// The shell as a process: how it is called, what it prints where, and with what status it ends.

import Glibc
import Testing

@testable import pfsh

/// Runs commands of the POSIX shell and answers what they printed and how they ended.
enum Process {
    /// Runs `command`; its standard error comes along unless it is redirected.
    static func run(_ command: String) -> (text: String, status: Int32) {
        guard let pipe = popen("{ \(command)\n} 2>&1", "r") else { return ("popen failed", -1) }
        var bytes: [UInt8] = []
        var byte = fgetc(pipe)
        while byte != EOF {
            bytes.append(UInt8(truncatingIfNeeded: byte))
            byte = fgetc(pipe)
        }
        let status = pclose(pipe)
        return (String(decoding: bytes, as: UTF8.self), status >> 8 & 0xFF)
    }
}

@Suite("The process") struct ProcessTests {
    private static let shell = "'\(ShellSession.shellPath)'"

    /// A call, the status it must end with, and words that it prints.
    struct Call: Sendable, CustomTestStringConvertible {
        let command: String
        let status: Int32
        let words: String
        var testDescription: String { command }

        init(_ command: String, _ status: Int32, _ words: String) {
            self.command = command
            self.status = status
            self.words = words
        }
    }

    static let calls = [
        Call("-c 'say \"all well\"'", 0, "all well\n"),
        Call("-c 'say $1' one two", 0, "one\n"),
        Call("-c 'say $args' one two", 0, "[one, two]\n"),
        Call("--seed 7 -c 'clock'", 0, "virtual"),
        Call("-c 'expect 1 == 2'", 1, "expected `1 == 2`"),
        Call(
            "-c 'subnet v 10.0.0.0/24\nphone P1 model 7961G\nrun until P1.done within 1s'",
            1,
            "did not come to hold"
        ),
        Call("-c 'exit 9'", 9, ""),
        Call("-c 'quit\nsay \"never\"'", 0, ""),
        Call("-c 'nonsense'", 2, "-c:1:1: error: unknown command `nonsense`"),
        Call("-c 'say \"no end'", 2, "error"),
        Call("-c 'repeat 3 {'", 2, "error"),
        Call("/nowhere/at-all.pfsh", 3, "there is no file /nowhere/at-all.pfsh"),
        Call("/tmp", 3, "is a directory"),
        Call("/dev/null", 0, ""),
        Call("--seed many -c clock", 2, "seed"),
        Call("--nonsense", 2, "unknown option --nonsense"),
        Call("--help", 0, "USAGE: pfsh"),
        Call("--version", 0, Version.text),
        Call("< /dev/null", 0, ""),
    ]

    @Test("ends with its status and says why", arguments: calls)
    func status(_ call: Call) {
        let result = Process.run("\(Self.shell) \(call.command)")
        #expect(result.status == call.status, "\(result.text)")
        #expect(result.text.contains(call.words), "\(result.text)")
        if call.words.isEmpty { #expect(result.text.isEmpty, "\(result.text)") }
    }

    @Test("commands from a pipe run one by one, and an error names its line")
    func pipe() {
        let script = "say \"one\"\\nrepeat 2 {\\nsay \"two\"\\n}\\nwrong\\nsay \"three\"\\n"
        let result = Process.run("printf '\(script)' | \(Self.shell)")
        #expect(result.status == 2)
        #expect(result.text.hasPrefix("one\ntwo\ntwo\nstandard input:5:1: error: "))
        #expect(!result.text.contains("three"))
    }

    @Test("a line that goes on behind a backslash is one command in a pipe too")
    func continuation() {
        let script = "subnet v 10.0.0.0/24\\nphones 3 \\\\\\n  model CP-7961G\\nsay count(all)\\n"
        let result = Process.run("printf '\(script)' | \(Self.shell)")
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text == "3\n")
    }

    @Test("errors go to standard error, output to standard output")
    func streams() {
        let result = Process.run("\(Self.shell) -c 'say \"out\"\nwrong' 2>/dev/null")
        #expect(result.text.isEmpty, "a text is checked before any of it runs: \(result.text)")
        let late = Process.run("\(Self.shell) -c 'say \"out\"\nexpect 1 == 2' 2>/dev/null")
        #expect(late.text == "out\n")
    }

    @Test(
        "a script that is interrupted ends with 130, one that is terminated with 143",
        arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))]
    )
    func signals(signal: Int32, status: Int32) throws {
        let script = ShellWords.say("begun") + "\n" + ShellWords.endless
        let session = try ShellSession(arguments: ["-c", script])
        try session.expectRow("begun")
        session.signal(signal)
        #expect(session.exitStatus() == status)
    }

    @Test("a script that begins with #! runs by its name")
    func shebang() {
        let result = Process.run(
            """
            folder=$(mktemp -d); trap 'rm -r "$folder"' EXIT
            printf '#!/usr/bin/env pfsh\\nsay "$1"\\n' > "$folder/hello.pfsh"
            chmod +x "$folder/hello.pfsh"
            PATH=$(dirname \(Self.shell)):$PATH "$folder/hello.pfsh" there
            """
        )
        #expect(result.text == "there\n")
        #expect(result.status == 0)
    }
}

@Suite("Setting up") struct SetupTests {
    private static let setup = "bash '\(Repository.root)/scripts/setup'"

    @Test("a missing Swift is said in one line, with what to install")
    func missing() {
        let result = Process.run("PATH=/usr/bin:/bin \(Self.setup)")
        let isInstalled = Process.run("PATH=/usr/bin:/bin command -v swift").status == 0
        guard !isInstalled else { return }
        #expect(result.status == 3)
        #expect(result.text.hasPrefix("pfsh: no swift found: install a Swift 6.3 toolchain"))
        #expect(result.text.count { $0 == "\n" } == 1, "\(result.text)")
    }

    @Test("an old Swift is said in one line, with what to install")
    func old() {
        let result = Process.run(
            """
            folder=$(mktemp -d); trap 'rm -r "$folder"' EXIT
            printf '#!/bin/sh\\necho "Swift version 5.9.2 (swift-5.9.2-RELEASE)"\\n' > "$folder/swift"
            chmod +x "$folder/swift"
            PATH=$folder:/usr/bin:/bin \(Self.setup)
            """
        )
        #expect(result.status == 3)
        #expect(result.text.hasPrefix("pfsh: Swift 5.9 is too old, 6.3 or later is needed"))
        #expect(result.text.count { $0 == "\n" } == 1, "\(result.text)")
    }
}
