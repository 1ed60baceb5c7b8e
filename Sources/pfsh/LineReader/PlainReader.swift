// Lines from an input that is no terminal: a pipe, a file, another program. Commands are handed out as
// soon as they are whole, so that a program can drive the shell and wait for each answer. No prompt is
// printed. Bounded: an endless line costs no more memory than the limit.

import CLineEdit
import Glibc

/// Reads whole commands from a descriptor.
final class PlainReader: LineReading {
    /// The longest text handed out, in bytes (own choice: far above any script's longest block).
    static let maximumBytes = 1 << 20
    /// Bytes asked of the input at once: one pipe buffer of Linux.
    private static let chunkBytes = 1 << 16

    private let descriptor: Int32
    private let isComplete: (String) -> Bool
    private var chunk: ArraySlice<UInt8> = []

    /// A reader of `descriptor`; `isComplete` says whether a text needs more lines.
    init(descriptor: Int32 = STDIN_FILENO, isComplete: @escaping (String) -> Bool = { _ in true }) {
        self.descriptor = descriptor
        self.isComplete = isComplete
    }

    func read() -> LineEvent {
        var text: String?
        while true {
            switch nextRow() {
            case .line(let row):
                let whole = text.map { $0 + "\n" + row } ?? row
                guard whole.utf8.count <= Self.maximumBytes else {
                    return .failed(.tooLong(limitBytes: Self.maximumBytes))
                }
                if isComplete(whole) { return .line(whole) }
                text = whole
            case .endOfInput:
                // An unfinished block at the end is handed out, so that its error is reported.
                return text.map { .line($0) } ?? .endOfInput
            case let other:
                return other
            }
        }
    }

    /// The next row without its line end; a carriage return before it goes too.
    private func nextRow() -> LineEvent {
        var row: [UInt8] = []
        var isTooLong = false
        while true {
            let end = chunk.firstIndex(of: UInt8(ascii: "\n"))
            let piece = chunk[..<(end ?? chunk.endIndex)]
            if row.count + piece.count > Self.maximumBytes {
                isTooLong = true
            } else {
                row += piece
            }
            if let end {
                chunk = chunk[(end + 1)...]
                return finish(row, isTooLong: isTooLong)
            }
            chunk = []
            switch fill() {
            case .bytes: continue
            case .end where row.isEmpty && !isTooLong: return .endOfInput
            case .end: return finish(row, isTooLong: isTooLong)
            case .event(let event): return event
            }
        }
    }

    private func finish(_ row: [UInt8], isTooLong: Bool) -> LineEvent {
        if isTooLong { return .failed(.tooLong(limitBytes: Self.maximumBytes)) }
        let hasReturn = row.last == UInt8(ascii: "\r")
        return .line(String(decoding: hasReturn ? row.dropLast() : row[...], as: UTF8.self))
    }

    private enum Filling {
        case bytes
        case end
        case event(LineEvent)
    }

    private func fill() -> Filling {
        while true {
            switch line_edit_wait(descriptor) {
            case .LINE_EDIT_WAIT_INTERRUPTED: return .event(.interrupted)
            case .LINE_EDIT_WAIT_HANGUP: return .event(.hangup)
            case .LINE_EDIT_READABLE, .LINE_EDIT_WAIT_FAILED: break
            }
            var bytes = [UInt8](repeating: 0, count: Self.chunkBytes)
            let count = Glibc.read(descriptor, &bytes, bytes.count)
            if count > 0 {
                chunk = bytes[..<count]
                return .bytes
            }
            if count == 0 { return .end }
            guard errno == EINTR || errno == EAGAIN else {
                return .event(.failed(.unreadable(errorNumber: errno)))
            }
        }
    }
}
