// Lines of phones to their Log Servers and to rsyslog, and lines of others into the log.

import Glibc
import Interpreter
import NetIO
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Syslog of a session") struct SyslogTests {
    private static let office = """
        subnet voice 10.4.0.0/24
        phones 2 model CP-7961G subnet voice
        pfs enterprise on
        clock set 02:19:22.634
        push 9.4(2)SR1 to P1
        """

    /// Waits until something holds; nothing here depends on how long that takes.
    private func wait(until isDone: () -> Bool) -> Bool {
        for _ in 0..<1_000 {
            if isDone() { return true }
            usleep(10_000)
        }
        return false
    }

    @Test(
        "lines go to the Log Server that a phone has read, and come in again as they were printed"
    )
    func roundTrip() throws {
        let receiver = ShellHarness()
        let listening = receiver.run("syslog listen 0")
        #expect(listening.status == 0, "\(listening.text)")
        let socket = try #require(receiver.session.host.network.syslogIn)
        let sender = ShellHarness()
        let sent = sender.run(
            Self.office + """

                log-server phone P1 "127.0.0.1:\(socket.port)@@base=3;pfs=1"
                log-server phone P2 "127.0.0.1:\(socket.port)@@base=3;pfs=0"
                apply all
                syslog send
                run 10s
                no syslog send
                """
        )
        #expect(sent.status == 0, "\(sent.text)")
        let printed = sender.run("show log").text.split(separator: "\n")
        #expect(
            printed.count > 10 && sent.text.contains("\(printed.count) lines sent, 0 not taken")
        )
        #expect(wait { socket.lines().count >= printed.count })
        let lines = socket.lines()
        #expect(lines.count == printed.count)
        for (line, text) in zip(lines, printed) {
            #expect(line.message.host == "SEP020000000001" && line.message.facility == 19)
            #expect(text.hasSuffix(line.message.text), "\(line.message.text)")
        }
        let shown = receiver.run("show syslog | count")
        #expect(shown.text.contains("\(printed.count)"), "\(shown.text)")
        let followed = receiver.run("log follow\nsubnet a 10.4.0.0/24\nphones 1 model 7961\nrun 1s")
        #expect(followed.text.contains("SEP020000000001 DLoad: "), "\(followed.text)")
        #expect(receiver.run("no syslog listen\nno syslog listen").status == 2)
    }

    @Test("nothing is sent on copies of the world, and nothing before it is asked for")
    func silence() throws {
        let receiver = try SyslogReceiver(address: "127.0.0.1", port: 0)
        defer { receiver.stop() }
        let harness = ShellHarness()
        let result = harness.run(
            Self.office + """

                log-server enterprise "127.0.0.1:\(receiver.port)@@pfs=1"
                apply all
                test "a copy" { run 10s }
                run 10s
                syslog send
                test "another" { run 10s }
                no syslog send
                """
        )
        #expect(result.text.contains("0 lines sent"), "\(result.text)")
        #expect(receiver.lines().isEmpty)
    }

    private static let hasRsyslog =
        Process.run("PATH=$PATH:/usr/sbin command -v rsyslogd").status == 0

    @Test("rsyslog takes the lines", .enabled(if: hasRsyslog, "rsyslog is not installed"))
    func rsyslog() throws {
        let probe = try SyslogReceiver(address: "127.0.0.1", port: 0)
        let port = probe.port
        probe.stop()
        let result = Calls.run(
            """
            cat > conf <<'END'
            module(load="imudp")
            input(type="imudp" address="127.0.0.1" port="\(port)")
            template(name="plain" type="string" string="%HOSTNAME%|%syslogfacility-text%|%syslogseverity-text%|%programname%|%msg%\\n")
            action(type="omfile" file="'"$PWD"'/out" template="plain")
            END
            sed -i "s|'\\"\\$PWD\\"'|$PWD|" conf
            PATH=$PATH:/usr/sbin
            rsyslogd -n -f "$PWD/conf" -i "$PWD/pid" >log 2>&1 &
            daemon=$!
            i=0; while [ ! -s pid ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i + 1)); done
            cat > send.pfsh <<'END'
            \(Self.office)
            log-server phone P1 "127.0.0.1:\(port)@@base=5;pfs=1"
            apply P1
            syslog send
            run 10s
            END
            pfsh send.pfsh >/dev/null
            i=0; while [ "$(cat out 2>/dev/null | wc -l)" -lt 5 ] && [ $i -lt 200 ]; do
                sleep 0.05; i=$((i + 1)); done
            kill $daemon; wait $daemon 2>/dev/null
            cat out log
            """
        )
        #expect(
            result.text.contains(
                "SEP020000000001|local5|debug|DLoad| +++ fd=7 Listening on peer TCP port 4051"
            ),
            "\(result.text)"
        )
    }
}
