// What became of an upgrade, in a line: how many phones, how long, and how near to the best possible.

import Interpreter
import PFSRuntime

extension UpgradeSummary {
    /// The line; a second one where phones gave up.
    var lines: [String] {
        var lines: [String] = []
        if succeeded > 0 {
            let share = optimum.efficiencyPartsPerMillion(measured: length) ?? 0
            let percent = Value.percent(partsPerMillion: (share + 500) / 1_000 * 1_000).text
            lines.append(
                "\(Counted.text(succeeded, "phone")) upgraded in \(PlainDuration.text(length)), "
                    + "efficiency \(percent): WAN copy \(PlainDuration.text(optimum.wanCopy)), "
                    + "LAN \(PlainDuration.text(optimum.lanSpread))"
            )
        }
        if failed > 0 {
            lines.append("\(Counted.text(failed, "phone")) failed: `show alarms` says why")
        }
        return lines
    }
}
