// From a file to an inventory that may be built: reads it, says which rows are wrong, and lets nobody
// build a part of it unless that was asked for.

import Interpreter
import NetIO
import PFSRuntime

extension ShellHost {
    /// Reads the inventory at a path for a world.
    ///
    /// Throws a diagnostic that lists the rows which cannot be read, unless `skipsBad`: then they are
    /// a warning.
    func inventory(
        _ path: Located<String>,
        for world: World,
        skipsBad: Bool
    ) throws(Diagnostic) -> Inventory {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileStore.read(self.path(of: path.node), limitBytes: Inventory.byteLimit)
        } catch {
            throw Diagnostic(error.description, at: path.range, kind: .outside)
        }
        var reader = InventoryReader(world)
        let unknown: [String]
        do throws(Diagnostic) {
            unknown = try reader.read(bytes) { () throws(Diagnostic) in try checkInterrupt() }
        } catch {
            var placed = error
            placed.range = placed.range ?? path.range
            throw placed
        }
        let inventory = reader.inventory
        try judge(inventory, path, skipsBad: skipsBad)
        if !unknown.isEmpty {
            let names = unknown.map { "`\($0)`" }.joined(separator: ", ")
            output.report(.warning("columns that mean nothing here: \(names)", at: path.range))
        }
        if inventory.softwareCount > 0 {
            let rows = Counted.text(inventory.softwareCount, "row")
            output.report(
                .warning("\(rows) passed over: no phones of this maker", at: path.range)
            )
        }
        guard inventory.phoneCount > 0 || !inventory.subnets.allSatisfy({ $0.known != nil }) else {
            throw Diagnostic("\(path.node) has no phones and no subnets", at: path.range)
        }
        return inventory
    }

    private func judge(
        _ inventory: Inventory,
        _ path: Located<String>,
        skipsBad: Bool
    ) throws(Diagnostic) {
        guard inventory.badCount > 0 else { return }
        let rows = Counted.text(inventory.rowCount, "row")
        var verdict = Diagnostic(
            "\(inventory.badCount) of \(rows) of \(path.node) cannot be read",
            at: path.range,
            notes: inventory.badRowTexts.map { Diagnostic.Note($0) }
        )
        guard skipsBad else {
            verdict.hints = ["mend them, or add `skip-bad` to leave them out; nothing was built"]
            throw verdict
        }
        verdict.severity = .warning
        output.report(verdict)
    }
}
