// Known bugs in the present world: for which phones they are switched otherwise than for all, and which
// phones they have left dead.

import PFSRuntime

extension RunningConfiguration {
    mutating func addBugs() {
        for bug in KnownBug.allCases {
            let isOn = !world.bugSwitches.common[bug]
            let phones = world.bugSwitches.exceptions(bug).filter { world.state($0) != .removed }
            add(phones) { "bug \(bug.id)\(isOn ? "" : " off") in \($0)" }
        }
        let dead = world.phones.filter { world.deadSince($0) != nil }
        add(dead) { "# Not in here: these do not boot any more: \($0)" }
    }
}
