// How many terminal columns a text takes. Wide East Asian characters and emoji take two, marks
// that combine with the character before them take none; a character is as wide as its base.

/// The number of columns `text` takes on a terminal.
public func displayWidth(_ text: String) -> Int {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        ? text.utf8.count : text.reduce(0) { $0 + displayWidth($1) }
}

/// The number of columns one character takes: 0, 1 or 2.
func displayWidth(_ character: Character) -> Int {
    guard let base = character.unicodeScalars.first else { return 0 }
    switch base.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if base.properties.isEmojiPresentation { return 2 }
    return wideRanges.contains { $0.contains(base.value) } ? 2 : 1
}

/// The blocks of characters that terminals draw two columns wide (Unicode, East Asian Width W
/// and F, joined to whole blocks).
private let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD,
]
