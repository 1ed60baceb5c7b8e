// Directories for tests.

import Glibc
import Testing

/// A directory of files that is gone when its test is.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/pfsh-files-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in names() where unlink(path + "/" + name) != 0 {
            // A directory, of files only.
            for inner in Self.names(in: path + "/" + name) { unlink(path + "/\(name)/" + inner) }
            rmdir(path + "/" + name)
        }
        rmdir(path)
    }

    /// The names in the directory, in order.
    func names() -> [String] { Self.names(in: path) }

    private static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
