// Logs from files into a story, piece by piece.

import Interpreter
import NetIO
import PFSRuntime

enum LogImport {
    /// Reads logs, one after the other.
    ///
    /// Throws a diagnostic for a file that cannot be read, and `.interrupted` when the user stops it.
    static func read(
        _ paths: [Located<String>],
        in host: ShellHost
    ) throws(Diagnostic) -> LogStory {
        var story = LogStory()
        for path in paths {
            var reader = story.reader(name: name(of: path.node))
            var lines: [LoggedLine] = []
            do throws(FileError) {
                try FileStore.readPieces(host.path(of: path.node)) { bytes in
                    reader.feed(bytes) { lines.append($0) }
                    for line in lines { story.add(line, of: reader) }
                    lines.removeAll(keepingCapacity: true)
                    return !host.isInterrupted
                }
            } catch {
                throw Diagnostic(error.description, at: path.range, kind: .outside)
            }
            try host.checkInterrupt()
            reader.finish { lines.append($0) }
            for line in lines { story.add(line, of: reader) }
            story.end(reader)
        }
        return story
    }

    /// What stands for the phone in lines that do not name it: the file without folder and suffix.
    private static func name(of path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = file.lastIndex(of: "."), dot > file.startIndex else { return file }
        return String(file[..<dot])
    }
}
