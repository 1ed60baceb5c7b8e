// A folder of scripts that failed once. A storm puts the failing ones there; `pfsh test` runs them again,
// so that what was mended stays mended.

import Glibc
import Interpreter
import NetIO

/// A folder of failing scripts.
struct StormCorpus {
    private let folder: String

    /// The folder, which is made if it is missing.
    ///
    /// Throws a diagnostic of kind `.outside` where that fails.
    init(_ folder: String) throws(Diagnostic) {
        self.folder = folder
        guard mkdir(folder, 0o777) != 0, errno != EEXIST else { return }
        let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
        throw Diagnostic("\(folder) cannot be made: \(reason)", kind: .outside)
    }

    /// Keeps the script of a run that failed.
    func keep(_ plan: StormPlan, _ number: Int, _ outcome: StormOutcome) throws(Diagnostic) {
        let reason = outcome.reason ?? "failed"
        let head = [
            "# Found by a storm: \(reason): \(outcome.message)", "# \(plan.text(number))", "",
        ]
        let text = head.joined(separator: "\n") + plan.script(number)
        let path = "\(folder)/\(reason)-\(plan.phones)-phones-seed-\(plan.seed(number)).pfsh"
        do throws(FileError) {
            try FileStore.write(Array(text.utf8), to: path)
        } catch {
            throw Diagnostic("\(path): \(error.description)", kind: .outside)
        }
    }
}
