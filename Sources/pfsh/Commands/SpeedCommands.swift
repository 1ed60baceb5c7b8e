// How fast virtual time passes for who looks on.

import Interpreter
import PFSRuntime

enum SpeedCommands {
    static let all = [speed, showSpeed]

    static let speed = Command<ShellHost>(
        "speed",
        group: TimeCommands.group,
        summary: "Say how fast virtual time passes while something runs.",
        discussion:
            "`speed 10` lets 10 seconds pass in one on the wall, `speed realtime` is 1, and "
            + "`speed max`, as it is at first, waits for nothing. What happens is the same at every "
            + "speed. A machine that is too slow for it falls behind. A record has no speeds.",
        .argument("speed", help: "0.001 to 1000000, `max` or `realtime`"),
        examples: [Example("speed 10"), Example("speed max")]
    ) { (host: inout ShellHost, speed: PlaySpeed) throws(Diagnostic) -> Output in
        host.speed = speed
        return .none
    }

    static let showSpeed = Command<ShellHost>(
        "show speed",
        group: TimeCommands.group,
        summary: "Say how fast virtual time passes.",
        examples: [Example("show speed")]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        .lines([host.speed == .most ? "max" : "\(host.speed.text) times the clock on the wall"])
    }
}
