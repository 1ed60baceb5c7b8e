// Words as a command line of sh takes them.

enum ShellWord {
    /// The word, in quotes where it holds anything that sh would read otherwise.
    static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.utf8.allSatisfy { plain.contains($0) || $0 > 0x7F }
        if isPlain { return word }
        return "'"
            + word.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: #"'\''"#) + "'"
    }

    /// Letters, digits, and signs without a meaning for sh.
    private static let plain = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%+,-./:=@_".utf8
    )
}

/// What the process was called with, so that it can be called again.
struct ProcessCall {
    /// Words in front of the seed, such as `test`.
    var first: [String] = []
    /// The words behind it: a script and its arguments, or `-c` and commands.
    let rest: [String]

    /// The whole call with a seed, as sh takes it.
    func text(seed: UInt64) -> String {
        (["pfsh"] + first + ["--seed", String(seed)] + rest).map(ShellWord.quoted)
            .joined(separator: " ")
    }
}
