// Numbers with what they count, in words.

enum Counted {
    /// A number and a noun: `1 file`, `2 files`; `plural` where an s does not make it.
    static func text(_ count: Int, _ noun: String, plural: String? = nil) -> String {
        "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
    }
}
