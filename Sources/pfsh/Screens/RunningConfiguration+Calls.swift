// Calls in the present world as the commands that begin them again.

import Interpreter
import PFSRuntime

extension RunningConfiguration {
    /// Calls last from where the script has them begin, so that they end as late as here.
    mutating func addCalls() {
        var rows: [(left: Interval, phones: [PhoneNumber])] = []
        for phone in world.phones {
            guard let end = world.callEnd(of: phone) else { continue }
            let left = end - world.now
            if let index = rows.firstIndex(where: { $0.left == left }) {
                rows[index].phones.append(phone)
            } else {
                rows.append((left, [phone]))
            }
        }
        for (left, phones) in rows {
            let duration = Value.duration(nanoseconds: left.nanoseconds).text
            add(phones) { "busy \($0) for \(duration)" }
        }
    }
}
