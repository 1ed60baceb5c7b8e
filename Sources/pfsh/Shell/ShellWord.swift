// Words as a command line of sh takes them.

enum ShellWord {
    /// The word, in quotes where it holds anything that sh would read otherwise.
    static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.utf8.allSatisfy { plain.contains($0) || $0 > 0x7F }
        if isPlain { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: #"'\''"#) + "'"
    }

    /// Letters, digits, and signs without a meaning for sh.
    private static let plain = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789%+,-./:=@_".utf8
    )
}
