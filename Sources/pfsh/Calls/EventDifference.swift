// Where two runs of one script part: the first event in which they differ, in words.

import PFSRuntime

/// Compares two runs whose events were kept.
enum EventDifference {
    /// The first event that one run has otherwise than the other; nil if all that are kept are alike.
    static func lines(_ first: ShellHost, _ second: ShellHost) -> [String]? {
        let (one, two) = (first.world, second.world)
        // When the record is full the oldest go: only what both still have can be compared.
        var (here, there) = (0, 0)
        if one.traceCount > 0, two.traceCount > 0 {
            let oldest = max(one.traceRecord(0).number, two.traceRecord(0).number)
            while here < one.traceCount, one.traceRecord(here).number < oldest { here += 1 }
            while there < two.traceCount, two.traceRecord(there).number < oldest { there += 1 }
        }
        while here < one.traceCount, there < two.traceCount {
            let (left, right) = (one.traceRecord(here), two.traceRecord(there))
            guard left.isSame(as: right) else {
                return [
                    "the first event that differs is number \(left.number):",
                    "  first:  " + EventText.line(left, in: first),
                    "  second: " + EventText.line(right, in: second),
                ]
            }
            here += 1
            there += 1
        }
        guard one.traceCount - here != two.traceCount - there else { return nil }
        let isFirst = here < one.traceCount
        let (host, record) =
            isFirst ? (first, one.traceRecord(here)) : (second, two.traceRecord(there))
        return [
            "the \(isFirst ? "first" : "second") run goes on where the other ends, with number "
                + "\(record.number):",
            "  " + EventText.line(record, in: host),
        ]
    }
}
