// Completion of the process's own words in bash, zsh and fish. ArgumentParser writes the scripts, but
// where a call takes both files and subcommands it offers the files only. So it is asked for the call
// without files, and these are added to each script by that shell's own means.

import ArgumentParser

/// The call as other shells complete it: options and subcommands.
struct CompletedCall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: PFSH._commandName,
        version: Version.text,
        subcommands: PFSH.configuration.subcommands
    )

    @OptionGroup var options: ShellOptions

    /// The completion script for a shell, which it reads when it starts.
    static func script(for shell: CompletionShell) -> String {
        let text = completionScript(for: shell)
        switch shell {
        case .bash:
            // Where nothing else fits, the names of files.
            return text.replacing(
                "complete -o filenames -F",
                with: "complete -o filenames -o default -F"
            )
        case .zsh:
            let commands = "_describe -V subcommand subcommands && ret=0"
            let files = "_files -g '*.pfsh' && ret=0"
            return text.replacing(commands, with: commands + "\n        " + files)
        default:
            return text
        }
    }
}
