// Captures as other people's program reads them: tshark finds nothing wrong, its own dissector knows the
// fetches, and the times are those of the log.

import Glibc
import NetIO
import PFSRuntime
import Testing

@testable import pfsh

/// tshark, run as somebody for whom it runs Lua.
enum Tshark {
    static let isThere = Process.run("command -v tshark").status == 0

    /// The lines that tshark prints of a file for a filter, with the project's own dissector.
    static func lines(_ file: String, filter: String, fields: [String]) -> [String] {
        let columns = fields.map { "-e \($0)" }.joined(separator: " ")
        let result = Process.run(
            """
            folder=$(mktemp -d); trap 'rm -r "$folder"' EXIT; chmod 755 "$folder"; cd "$folder"
            cp '\(Repository.root)/tools/wireshark/cppdp.lua' '\(file)' . && chmod 644 *
            as=; [ "$(id -u)" = 0 ] && as='setpriv --reuid=65534 --regid=65534 --clear-groups'
            HOME=$folder $as tshark -X lua_script:cppdp.lua -r "$(basename '\(file)')" -Y '\(filter)' \
                -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -o tcp.check_checksum:TRUE \
                -T fields \(columns) 2>&1 | grep -v '^Running as'
            """
        )
        return result.text.split(separator: "\n").map(String.init)
    }
}

@Suite("Captures") struct CaptureTests {
    private static let office = """
        site branch wan 384kbps rtt 150ms
        subnet voice 10.4.0.0/24 site branch
        phones 3 model CP-7961G subnet voice
        pfs enterprise on
        clock set 02:19:22.634
        firmware define SCCP41.9-9-9TEST sizes 648B,40KB,60KB
        """

    /// What tells of a packet that is not right.
    private static let wrong = """
        _ws.malformed || cppdp.bad || ip.checksum.status == 0 || udp.checksum.status == 0 \
        || tcp.checksum.status == 0 || tcp.analysis.lost_segment || tcp.analysis.out_of_order \
        || tcp.analysis.retransmission || tcp.analysis.ack_lost_segment
        """

    @Test(
        "a whole upgrade has no wrong packet, its fetches are TFTP, and its claims are at the log's times",
        .enabled(if: Tshark.isThere, "tshark is not installed")
    )
    func upgrade() throws {
        let scratch = try ScratchDirectory()
        let file = "\(scratch.path)/all.pcapng"
        let harness = ShellHarness()
        let result = harness.run(
            Self.office + """

                capture \(file)
                push SCCP41.9-9-9TEST to all
                run until idle
                no capture
                show log
                """
        )
        #expect(result.status == 0, "\(result.text)")
        #expect(Tshark.lines(file, filter: Self.wrong, fields: ["frame.number"]) == [])
        let requests = Tshark.lines(
            file,
            filter: "tftp.opcode == 1",
            fields: ["tftp.source_file", "frame.comment"]
        )
        #expect(requests.count == 3 && requests[0].hasPrefix("SCCP41.9-9-9TEST.loads\tP"))
        let data = Tshark.lines(file, filter: "tftp.opcode == 3", fields: ["tftp.block"])
        #expect(data.count == 2 + 79 + 118)
        let claims = Tshark.lines(
            file,
            filter: "cppdp.kind == 1 && cppdp.advertisement == 0",
            fields: ["frame.time_epoch", "frame.interface_name", "cppdp.xid", "ip.dst"]
        )
        let lines = result.text.split(separator: "\n").filter {
            $0.contains("ClaimRoot(tent): map")
        }
        #expect(!claims.isEmpty && claims.count == lines.count)
        for claim in claims {
            let fields = claim.split(separator: "\t")
            let seconds = fields[0].split(separator: ".")
            let micros = (Int64(seconds[0]) ?? 0) * 1_000_000 + (Int64(seconds[1].prefix(6)) ?? 0)
            let time = TimeOfDay(microseconds: micros).description
            let transaction = fields[2].dropFirst(2).uppercased()
            #expect(
                lines.contains {
                    $0.hasPrefix(fields[1]) && $0.contains(time) && $0.contains("XID\(transaction)")
                },
                "\(claim)"
            )
            #expect(fields[3] == "10.4.0.255")
        }
        // Two children took both large files from a peer, whole.
        let counts = Tshark.lines(file, filter: "cppdp.kind == 25", fields: ["cppdp.count"])
        let bytes = counts.flatMap { $0.split(separator: ",") }.compactMap { Int($0) }.reduce(0, +)
        #expect(bytes == 2 * (648 + 40_000 + 60_000))
    }

    @Test(
        "a capture changes nothing, holds only the chosen phones, and is written when the shell ends"
    )
    func chosen() throws {
        let scratch = try ScratchDirectory()
        let file = "\(scratch.path)/one.pcapng"
        let script = Self.office + "\npush SCCP41.9-9-9TEST to all\nrun 40s\nshow fingerprint\n"
        let plain = ShellHarness().run(script)
        let harness = ShellHarness()
        let captured = harness.run("\(script.replacing("push", with: "capture \(file) P2\npush"))")
        #expect(plain.text == captured.text)
        #expect(throws: FileError.self) { try FileStore.read(file, limitBytes: 1 << 24) }
        harness.session.close()
        let bytes = try FileStore.read(file, limitBytes: 1 << 24)
        #expect(bytes.count > 2_000 && bytes.starts(with: [0x0A, 0x0D, 0x0D, 0x0A]))
        guard Tshark.isThere else { return }
        let others = Tshark.lines(
            file,
            filter: "!(ip.addr == 10.4.0.12)",
            fields: ["frame.number"]
        )
        #expect(others == [])
        #expect(Tshark.lines(file, filter: Self.wrong, fields: ["frame.number"]) == [])
    }

    @Test(
        "messages are put together from segments however they are cut",
        .enabled(if: Tshark.isThere, "tshark is not installed"),
        arguments: [1, 9, 40, 1_000]
    )
    func reassembly(_ cut: Int) throws {
        let scratch = try ScratchDirectory()
        let one = FrameEnd(
            mac: MACAddress(bits: 0x0200_0000_0001),
            address: PFSRuntime.IPv4Address(bits: 0x0A04_000B),
            port: 49_152
        )
        let other = FrameEnd(
            mac: MACAddress(bits: 0x0200_0000_0002),
            address: PFSRuntime.IPv4Address(bits: 0x0A04_000C),
            port: 4_051
        )
        func message(_ message: PeerMessage) throws -> [UInt8] {
            try WirePeerMessage(modelName: "CP-7961G", fileName: "a.sbn", message: message).bytes()
        }
        let stream =
            try message(.join(transaction: 0xABCD)) + message(.refuse(redirect: one.address))
            + message(.bye)
        var bytes = PcapngBlock.sectionHeader(hardware: "", application: "pfsh")
        bytes += PcapngBlock.interface(
            name: "P1",
            description: "",
            mac: one.mac,
            address: one.address
        )
        var offset = 0
        while offset < stream.count {
            let part = Array(stream[offset..<min(offset + cut, stream.count)])
            let frame = NetworkFrame.segment(
                from: one,
                to: other,
                identification: UInt16(offset),
                sequence: 1_000 + UInt32(offset),
                acknowledgement: 1,
                [.acknowledge, .push],
                part
            )
            bytes += PcapngBlock.packet(
                interface: 0,
                nanoseconds: Int64(offset) * 1_000,
                bytes: frame[...],
                originalBytes: frame.count,
                .outbound,
                comments: []
            )
            offset += part.count
        }
        let file = "\(scratch.path)/cut.pcapng"
        try FileStore.write(bytes, to: file)
        let kinds = Tshark.lines(file, filter: "cppdp", fields: ["cppdp.kind"])
            .flatMap { $0.split(separator: ",") }
        #expect(kinds == ["16", "18", "23"])
        let redirects = Tshark.lines(file, filter: "cppdp.redirect", fields: ["cppdp.redirect"])
        #expect(redirects == ["10.4.0.11"])
        #expect(Tshark.lines(file, filter: "_ws.malformed", fields: ["frame.number"]) == [])
    }

    @Test("a stretch of the past is captured as it would have been at the time, across orders")
    func past() throws {
        let scratch = try ScratchDirectory()
        let (live, later) = ("\(scratch.path)/live.pcapng", "\(scratch.path)/later.pcapng")
        let way = """

            push SCCP41.9-9-9TEST to all
            run 3s
            phone late model CP-7961G subnet voice
            push SCCP41.9-9-9TEST to late
            run 27s

            """
        let first = ShellHarness().run(Self.office + "\ncapture \(live)" + way + "no capture")
        #expect(first.status == 0, "\(first.text)")
        let shell = ShellHarness()
        let second = shell.run(Self.office + way + "capture \(later) from 0s\nshow fingerprint")
        #expect(second.status == 0, "\(second.text)")
        let (one, two) = (try bytes(live), try bytes(later))
        #expect(one.count > 10_000 && one == two)
        // A shorter stretch is a part of it, with the ends where they were.
        let part = "\(scratch.path)/part.pcapng"
        let third = shell.run("capture \(part) P1 from 1s to 4s\nshow fingerprint")
        #expect(third.status == 0, "\(third.text)")
        #expect(try bytes(part).count < one.count)
        // Looking back changes nothing of what is.
        let prints = [second.text, third.text].map { $0.split(separator: "\n").last }
        #expect(prints[0] == prints[1])
    }

    private func bytes(_ path: String) throws -> [UInt8] {
        try FileStore.read(path, limitBytes: 64 << 20)
    }

    @Test(
        "what a fault did to a packet is its comment, with the fault as a command",
        .enabled(if: Tshark.isThere, "tshark is not installed")
    )
    func faults() throws {
        let scratch = try ScratchDirectory()
        let file = "\(scratch.path)/faults.pcapng"
        let result = ShellHarness().run(
            Self.office + """

                capture \(file)
                fault drop message claim from P1
                block tcp 4051 in voice
                push SCCP41.9-9-9TEST to all
                run 20s
                no capture
                """
        )
        #expect(result.status == 0, "\(result.text)")
        #expect(Tshark.lines(file, filter: Self.wrong, fields: ["frame.number"]) == [])
        let claims = Tshark.lines(
            file,
            filter: "cppdp.kind == 1 && frame.interface_name == \"P1\"",
            fields: ["frame.comment"]
        )
        #expect(!claims.isEmpty)
        #expect(
            claims.allSatisfy {
                $0.contains("fault 1: lost on the way to P") && $0.contains("P2")
                    && $0.contains("P3")
                    && $0.contains(": fault drop from P1 message claim")
            },
            "\(claims)"
        )
        // Of a Join that a firewall takes nothing comes back: one segment alone says why.
        let joins = Tshark.lines(
            file,
            filter: "tcp.flags.syn == 1",
            fields: ["tcp.flags.ack", "frame.comment"]
        )
        #expect(!joins.isEmpty)
        #expect(
            joins.allSatisfy {
                !$0.hasPrefix("1") && !$0.hasPrefix("True")
                    && $0.contains("no answer") && $0.contains("fault 2: lost on the way to ")
                    && $0.contains("block tcp 4051 in voice")
            },
            "\(joins.prefix(3))"
        )
        // What no fault hit has no such comment.
        let others = Tshark.lines(
            file,
            filter: "cppdp.kind == 1 && frame.interface_name == \"P2\"",
            fields: ["frame.comment"]
        )
        #expect(!others.isEmpty && others.allSatisfy { !$0.contains("fault") }, "\(others)")
    }
}
