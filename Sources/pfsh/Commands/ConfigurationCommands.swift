// The present world as a whole: as commands that build it, and as one number that tells runs apart.

import Interpreter
import NetIO
import PFSRuntime

enum ConfigurationCommands {
    static let all = [show, save, fingerprint]

    private static let discussion =
        "Run at time zero, the commands build a world that is equal to this one, and runs as it "
        + "does. Once time has moved they build its sites, phones and settings with the loads that "
        + "phones run now; comments say what is not in there."

    static let show = Command<ShellHost>(
        "show running-config",
        group: ShowCommands.group,
        summary: "Show the present world as commands that build it.",
        discussion: discussion,
        examples: [
            Example(
                "show running-config",
                setup: WorldCommands.setup + ["pfs enterprise on", "push 9.4(2)SR1 to all"]
            )
        ]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        .lines(RunningConfiguration.lines(of: host))
    }

    static let save = Command<ShellHost>(
        "save",
        group: WorldCommands.group,
        summary: "Write the present world as commands that build it.",
        discussion: discussion,
        .argument("file", kind: .file, help: "the script to write"),
        mayBeAbbreviated: false,
        examples: [Example("save /dev/null", setup: WorldCommands.setup)]
    ) { (host: inout ShellHost, path: Located<String>) throws(Diagnostic) -> Output in
        let text = RunningConfiguration.lines(of: host).map { $0 + "\n" }.joined()
        do throws(FileError) {
            try FileStore.write(Array(text.utf8), to: path.node)
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        return .none
    }

    static let fingerprint = Command<ShellHost>(
        "show fingerprint",
        group: ShowCommands.group,
        summary: "Show a number that is the same for runs in which the same happened.",
        discussion: "It takes in every event with its phone and time, so that the same script, "
            + "seed and version give the same fingerprint on every machine.",
        examples: [Example("show fingerprint", setup: WorldCommands.setup)]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        let digits = String(host.world.fingerprint, radix: 16)
        return .value(.string(String(repeating: "0", count: 16 - digits.count) + digits))
    }
}
