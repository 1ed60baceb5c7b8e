// What a report leaves out of what it tells: where files are on the reporter's machine. Of a path only the
// last part is told, or the part behind the folder of the script that ran.

import Glibc

/// Takes paths out of texts.
struct Discretion {
    /// Whether paths are told as they are.
    var tellsPaths = false
    /// Folders that are left out in front of what is in them, each with its slash.
    private let folders: [String]

    /// A discretion that takes the folder of a script, the working directory and the user's own away.
    init(script: String?, tellsPaths: Bool = false) {
        self.tellsPaths = tellsPaths
        var folders: [String] = []
        if let script, let slash = script.lastIndex(of: "/") {
            folders.append(String(script[...slash]))
        }
        if let path = getcwd(nil, 0) {
            folders.append(String(cString: path) + "/")
            free(path)
        }
        if let home = Environment.value("HOME"), home.count > 1 { folders.append(home + "/") }
        self.folders = folders.filter { $0.count > 1 }
    }

    /// The name of a file as it is told.
    func name(_ path: String) -> String {
        if tellsPaths { return path }
        for folder in folders where path.hasPrefix(folder) {
            return String(path.dropFirst(folder.count))
        }
        guard path.hasPrefix("/") || path.hasPrefix("~") || path.hasPrefix("../") else {
            return path
        }
        return path.split(separator: "/").last.map(String.init) ?? path
    }

    /// A text with each path in it as it is told.
    ///
    /// A path is a word that begins at the root, at the user's folder or above the working directory, has more
    /// than one part, and, at the root, whose first part is a folder of this machine: so that regular
    /// expressions and prefixes of networks stay what they are.
    func text(_ text: String) -> String {
        if tellsPaths { return text }
        var result: [UInt8] = []
        var word: [UInt8] = []
        func take() {
            result += Array(told(String(decoding: word, as: UTF8.self)).utf8)
            word = []
        }
        for byte in text.utf8 {
            if Self.ends.contains(byte) {
                take()
                result.append(byte)
            } else {
                word.append(byte)
            }
        }
        take()
        return String(decoding: result, as: UTF8.self)
    }

    /// What stands around a path in a script or a message.
    private static let ends = Array(" \t\r\n\"'`,;(){}[]<>|=".utf8)

    private func told(_ word: String) -> String {
        // A place in a script has its line and column behind the name.
        let path = String(word.prefix { $0 != ":" })
        let rest = word.dropFirst(path.count)
        guard isPath(path) else { return word }
        return name(path) + rest
    }

    private func isPath(_ word: String) -> Bool {
        if word.hasPrefix("../") { return true }
        if folders.contains(where: { word.hasPrefix($0) }) { return true }
        let parts = word.split(separator: "/")
        if word.hasPrefix("~") { return parts.count > 1 }
        guard word.hasPrefix("/"), let first = parts.first, parts.count > 1 else { return false }
        var status = stat()
        return stat("/" + first, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
