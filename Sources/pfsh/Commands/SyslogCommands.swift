// Logs out and in: the lines of phones that have a Log Server go there by UDP, and lines of others are
// taken and shown beside them.

import Interpreter
import NetIO
import PFSRuntime

enum SyslogCommands {
    static let all = [send, listen, show]

    static let send = Command<ShellHost>(
        "syslog send",
        group: TFTPCommands.group,
        summary: "Send the lines of phones to their Log Servers, for real, from now on.",
        discussion: "Only phones send whose Log Server says `pfs=1` in the configuration that they "
            + "read last. A line goes out when it is printed, as UDP in the form of RFC 3164: the "
            + "device's name as host, facility `local<base>`, local0 without a base. What real phones "
            + "send is not public. `no syslog send` ends it.",
        examples: [Example("syslog send")]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        do throws(NetworkError) {
            host.syslogOut = try SyslogOutput(host.world)
        } catch {
            throw Diagnostic(error.description, kind: .outside)
        }
        return .none
    }.undone(
        by: Command<ShellHost>(
            "syslog send",
            group: TFTPCommands.group,
            summary: "Send no more lines of phones.",
            examples: [Example("no syslog send", setup: ["syslog send"])]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            guard let output = host.syslogOut else {
                throw Diagnostic("no lines are sent")
            }
            host.syslogOut = nil
            return .lines([
                "\(Counted.text(output.sender.sentCount, "line")) sent, "
                    + "\(output.sender.failedCount) not taken by the system"
            ])
        }
    )

    static let listen = Command<ShellHost>(
        "syslog listen",
        group: TFTPCommands.group,
        summary: "Take log lines of others by UDP, and show them among the phones' own.",
        discussion: "RFC 5424, RFC 3164 and anything else is taken, at most "
            + "\(SyslogReceiver.linesPerSecond) lines a second; the last \(SyslogReceiver.lineLimit) "
            + "are kept. `log follow` shows them as they come, at the time of the world; `show syslog` "
            + "has them with the real time. Port 514 is for privileged users; 0 takes any that is free. "
            + "`no syslog listen` ends it.",
        .argument("port", default: 514, shownAs: "514", help: "0 to 65535"),
        .option(
            "address",
            kind: .word("ADDRESS", phrase: "an address of this machine"),
            default: "127.0.0.1",
            shownAs: "127.0.0.1",
            help: "where to listen; `0.0.0.0` for all of this machine"
        ),
        examples: [Example("syslog listen 0")]
    ) {
        (host: inout ShellHost, port: Int, address: String) throws(Diagnostic) -> Output in
        guard host.network.syslogIn == nil else {
            throw Diagnostic(
                "lines are taken already",
                hints: ["`no syslog listen` ends that"]
            )
        }
        guard (0...65_535).contains(port) else {
            throw Diagnostic("a port is 0 to 65535, not \(port)")
        }
        do throws(NetworkError) {
            let receiver = try SyslogReceiver(address: address, port: port)
            host.network.syslogIn = receiver
            return .lines(["listening at \(address), port \(receiver.port)"])
        } catch {
            throw Diagnostic(error.description, kind: .outside)
        }
    }.undone(
        by: Command<ShellHost>(
            "syslog listen",
            group: TFTPCommands.group,
            summary: "Take no more log lines of others.",
            examples: [Example("no syslog listen", setup: ["syslog listen 0"])]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            guard let receiver = host.network.syslogIn else {
                throw Diagnostic("no lines are taken")
            }
            receiver.stop()
            host.network.syslogIn = nil
            return .none
        }
    )

    private static let columns = [
        Table.Column("time"), Table.Column("sender"), Table.Column("host"),
        Table.Column("priority"), Table.Column("text"),
    ]

    static let show = Command<ShellHost>(
        "show syslog",
        group: ShowCommands.group,
        summary: "Show the log lines of others that came, with the real time.",
        examples: [Example("show syslog", setup: ["syslog listen 0"])]
    ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
        var table = Table(columns: columns)
        for line in host.network.syslogIn?.lines() ?? [] {
            let message = line.message
            table.append([
                .string(line.time.description), .string(line.sender), .string(message.host),
                .string("\(message.facility).\(message.severity)"), .string(message.text),
            ])
        }
        return .table(table)
    }.giving(columns)
}

/// The lines of phones on their way to Log Servers.
final class SyslogOutput {
    let sender: SyslogSender
    private var view = LogView()

    /// From the present line on.
    ///
    /// Throws `NetworkError`.
    init(_ world: World) throws(NetworkError) {
        sender = try SyslogSender()
        view.follow(in: world)
    }

    /// Sends, of a world that is another now, only lines from here on.
    func goOn(in world: World) { view.goOn(in: world) }

    /// Sends the lines that have come.
    func send(_ world: World) {
        for record in view.newRecords(in: world) {
            guard let server = world.readLogServer(record.phone), server.sendsSharing == true else {
                continue
            }
            sender.send(
                SyslogMessage.line(
                    facility: 16 + Int(server.base ?? 0),
                    record.note.kind.severity,
                    world.wallClock.time(at: record.time),
                    host: "SEP\(world.identity(record.phone).mac)",
                    text: world.text(record)
                ),
                to: server
            )
        }
    }
}

extension NetworkServices {
    /// The lines of others that came since the last time, with the sender's name in front as the phones'
    /// have theirs.
    func newSyslogLines() -> [String] {
        guard let syslogIn else { return [] }
        let lines = syslogIn.lines(after: syslogShown)
        syslogShown = lines.last?.number ?? syslogShown
        return lines.map { line in
            let host = line.message.host.isEmpty ? line.sender : line.message.host
            return "\(host) \(line.message.text)"
        }
    }
}
