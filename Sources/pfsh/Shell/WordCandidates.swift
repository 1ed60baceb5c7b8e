// Words that only the shell can offer to complete to: models, loads, versions, and the names of
// files. Everything else is known to the language.

import Glibc
import Interpreter
import PFSRuntime

/// Completes a word whose place the language names but cannot list.
struct WordCandidates {
    let world: World
    /// What the word begins with.
    let typed: String

    /// What could stand for the placeholders of arguments, such as MODEL.
    func words(for placeholders: [String]) -> [Candidate] {
        if placeholders.contains("MODEL") { return models }
        if placeholders.contains("LOAD") { return loads }
        return []
    }

    /// Models by their names; by their short names where only these begin as typed.
    private var models: [Candidate] {
        let names = matching(PhoneModel.all.map(\.name))
        return names.isEmpty ? matching(PhoneModel.all.map(\.shortName)) : names
    }

    /// Loads that a phone can fetch, and versions, which stand for a load of each family.
    private var loads: [Candidate] {
        let known = world.catalog.loads.filter { !$0.files.isEmpty }
        var versions: [String] = []
        for load in known {
            guard let version = load.version?.description, !versions.contains(version) else {
                continue
            }
            versions.append(version)
        }
        return matching(known.map(\.name.text) + versions)
    }

    private func matching(_ words: [String]) -> [Candidate] {
        words.filter { $0.hasPrefix(typed) }.map { Candidate($0, replacing: typed) }
    }

    /// Scripts and folders that a path could go on with, from the working directory; other files
    /// where there is none of these.
    var files: [Candidate] {
        let all = entries
        let scripts = all.filter { !$0.endsWord || $0.text.hasSuffix(".pfsh") }
        return scripts.isEmpty ? all : scripts
    }

    /// Files of every kind, and folders.
    var allFiles: [Candidate] { entries }

    private var entries: [Candidate] {
        let slash = typed.lastIndex(of: "/")
        let folder = slash.map { String(typed[...$0]) } ?? ""
        let start = slash.map { typed[typed.index(after: $0)...] } ?? typed[...]
        let names = Self.names(in: folder.isEmpty ? "." : folder).filter { name in
            name.hasPrefix(start) && (start.hasPrefix(".") || !name.hasPrefix("."))
                && !name.contains { " ;{}$\\\"#".contains($0) }
        }
        return names.sorted().map { name in
            let path = folder + name
            let isFolder = Self.isFolder(path)
            return Candidate(isFolder ? path + "/" : path, replacing: typed, endsWord: !isFolder)
        }
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let name { names.append(name) }
        }
        return names
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
