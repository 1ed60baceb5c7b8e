// The Log Server at the three levels of CUCM: where phones send their log.

import Interpreter
import PFSRuntime

enum LogServerCommands {
    static let all = FieldCommands<LogServerArgument>(
        word: "log-server",
        name: "Log Server",
        meaning: "Where phones send their log by UDP: an address, a port (514 if not given), and "
            + "behind `@@` whether the lines of peer firmware sharing are sent (`pfs=1`) and a "
            + "number `base=` whose meaning is not public. In quotes, because `;` ends a command.",
        help: "where to, such as \"10.4.0.5:9001@@base=0;pfs=1\", or `none`",
        example: "\"10.4.0.5:9001@@base=0;pfs=1\"",
        setPhones: { (world, setting, phones) throws(WorldError) in
            try world.setDeviceLogServer(setting, on: phones)
        },
        setProfile: { (world, setting, profile) throws(WorldError) in
            try world.setProfileLogServer(setting, on: profile)
        },
        setEnterprise: { (world, setting) throws(WorldError) in
            try world.setEnterpriseLogServer(setting)
        }
    ).all
}

/// The value of a Log Server field, or none.
struct LogServerArgument: FieldArgument {
    let value: LogServer?

    static var argumentKind: ArgumentKind {
        .word(
            "LOGSERVER|none",
            phrase: "a Log Server such as \"10.4.0.5:9001@@base=0;pfs=1\", or `none`"
        )
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> LogServerArgument {
        if argument.text == "none" { return LogServerArgument(value: nil) }
        guard let server = LogServer(argument.text) else {
            throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
        }
        return LogServerArgument(value: server)
    }
}
