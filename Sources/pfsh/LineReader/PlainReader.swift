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
    /// Whether the rest of a row that was too long is still to be passed over.
    private var isSkipping = false

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
                if text.map({ Self.mayEnd($0, row) }) ?? true, isComplete(whole) {
                    return .line(whole)
                }
                text = whole
            case .endOfInput:
                // An unfinished block at the end is handed out, so that its error is reported.
                return text.map { .line($0) } ?? .endOfInput
            case let other:
                return other
            }
        }
    }

    /// Whether an open text may be whole with one more row: only a bracket closes what is open, or the
    /// row that a backslash asked for.
    ///
    /// Without this a block of many rows would be parsed once for each of them.
    private static func mayEnd(_ open: String, _ row: String) -> Bool {
        open.utf8.last == UInt8(ascii: "\\")
            || row.utf8.contains { "})]".utf8.contains($0) }
    }

    /// The next row without its line end; a carriage return before it goes too.
    ///
    /// A row that is too long is told of at once, because it may never end.
    private func nextRow() -> LineEvent {
        var row: [UInt8] = []
        while true {
            let end = chunk.firstIndex(of: UInt8(ascii: "\n"))
            if !isSkipping { row += chunk[..<(end ?? chunk.endIndex)] }
            chunk = end.map { chunk[($0 + 1)...] } ?? []
            if row.count > Self.maximumBytes {
                isSkipping = end == nil
                return .failed(.tooLong(limitBytes: Self.maximumBytes))
            }
            if end != nil {
                guard isSkipping else { return finish(row) }
                isSkipping = false
                continue
            }
            switch fill() {
            case .bytes: continue
            case .end where row.isEmpty: return .endOfInput
            case .end: return finish(row)
            case .event(let event): return event
            }
        }
    }

    private func finish(_ row: [UInt8]) -> LineEvent {
        let hasReturn = row.last == UInt8(ascii: "\r")
        let bytes = hasReturn ? row.dropLast() : row[...]
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            return .failed(.notText)
        }
        return .line(text)
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
