// A script as a file, for the calls that look at scripts without running them.

import ArgumentParser
import Interpreter
import NetIO

/// Reads scripts.
enum ScriptFile {
    /// The text of the script at `path`.
    ///
    /// Throws a diagnostic if it cannot be read or is no script.
    static func read(_ path: String) throws(Diagnostic) -> SourceText {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileStore.read(path, limitBytes: Limits.scriptBytes)
        } catch {
            throw SourceReadFailure(error).diagnostic(path)
        }
        return try SourceText(name: path, bytes: bytes)
    }
}

extension SourceReadFailure {
    /// What a failed reading of a file means for a script.
    init(_ error: FileError) {
        switch error {
        case .notFound: self = .notFound
        case .isDirectory: self = .isDirectory
        case .tooLarge: self = .tooLarge
        case .notPermitted, .other: self = .notReadable(error.description)
        }
    }
}

/// The scripts of a call that takes one or more.
struct ScriptFiles: ParsableArguments {
    @ArgumentParser.Argument(help: "One script or more.", completion: .file(extensions: ["pfsh"]))
    var files: [String]
}
