// Texts of strangers: configuration files of phones, log lines and logs. What was read is written and read
// again as the same.

internal import PFSRuntime
internal import XMLFiles

extension FuzzTarget {
    static func configuration(_ bytes: [UInt8]) {
        let root: XMLElement
        do throws(XMLReadError) {
            root = try XMLReader.read(bytes)
        } catch {
            precondition((0...bytes.count).contains(error.offset), "\(error)")
            return
        }
        precondition(root.elementCount <= XMLReader.elementLimit, "too many elements")
        if let device = try? DeviceConfiguration(root) {
            // Empty names and texts of blanks come back as nothing said: all else as it was.
            let element = device.element
            guard let again = try? DeviceConfiguration(element) else {
                preconditionFailure("what was written is no configuration")
            }
            precondition(again.element == element, "a configuration changes when it is written")
        }
        if let defaults = try? DefaultConfiguration(root) {
            guard let again = try? DefaultConfiguration(defaults.element) else {
                preconditionFailure("what was written is no default file")
            }
            precondition(again.loads == defaults.loads, "loads change when they are written")
        }
    }

    static func syslog(_ bytes: [UInt8]) {
        let message = SyslogMessage(bytes)
        precondition((0...23).contains(message.facility), "a facility that is none")
        precondition((0...7).contains(message.severity), "a severity that is none")
        for scalar in message.text.unicodeScalars {
            precondition(scalar.value >= 0x20 && scalar.value != 0x7F, "a control character")
        }
    }

    /// Every line is counted once, in pieces of any size; what was understood is in order and prints itself.
    static func fieldLog(_ bytes: [UInt8]) {
        let whole = readLog(bytes, pieceBytes: bytes.count)
        precondition(
            whole.lines == readLog(bytes, pieceBytes: 7).lines,
            "pieces change what is read"
        )
        let counts = whole.counts
        precondition(counts.bytes == bytes.count, "bytes are lost")
        let parts =
            counts.blank + counts.binary + counts.endless + counts.unknown + counts.joined
            + counts.otherProcesses + counts.unknownDownload + counts.understood
        precondition(parts == counts.lines + counts.glued, "lines are lost")
        var story = LogStory()
        var reader = story.reader(name: "log")
        reader.feed(bytes) { _ in }
        reader.finish { _ in }
        for line in whole.lines { story.add(line, of: reader) }
        story.end(reader)
        for (line, next) in zip(whole.lines, whole.lines.dropFirst(FieldLogReader.windowLines)) {
            precondition(line.number <= counts.lines && line.microseconds >= 0, "a line of nowhere")
            precondition(next.source < reader.sources.count, "a source of nowhere")
        }
        for line in whole.lines {
            let again = line.event.kind.line.read(Array(line.text.utf8)[...])
            precondition(again == .whole(line.values), "what was read reads differently")
        }
    }

    private static func readLog(
        _ bytes: [UInt8],
        pieceBytes: Int
    ) -> (lines: [LoggedLine], counts: LogCounts) {
        var reader = FieldLogReader(name: "log")
        var lines: [LoggedLine] = []
        var start = 0
        while start < bytes.count {
            let end = min(start + max(pieceBytes, 1), bytes.count)
            reader.feed(Array(bytes[start..<end])) { lines.append($0) }
            start = end
        }
        reader.finish { lines.append($0) }
        return (lines, reader.counts)
    }
}
