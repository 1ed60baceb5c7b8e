// The phones' web pages as browsers and scrapers ask for them, and as Chromium shows them.

import Foundation
import Glibc
import NetIO
import PFSRuntime
import Testing
import XMLFiles

@testable import pfsh

@Suite("Web pages") struct WebPageTests {
    private static let office = """
        subnet voice 10.4.0.0/24
        phones 2 model CP-7961G subnet voice
        phone boss model CP-7841 subnet voice mac 001B54F7AF72
        pfs device P1 on
        apply all
        web serve 0
        """

    private func served() throws -> (harness: ShellHarness, port: Int) {
        let harness = ShellHarness()
        let result = harness.run(Self.office)
        #expect(result.status == 0, "\(result.text)")
        return (harness, try #require(harness.session.host.network.web).server.port)
    }

    /// Sends bytes to a port and answers all that comes until the other side closes.
    private func exchange(_ request: String, port: Int) -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isOpen = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isOpen else { return "" }
        _ = request.withCString { send(descriptor, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    private func get(_ target: String, host: String = "127.0.0.1", port: Int) -> String {
        exchange("GET \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n", port: port)
    }

    private static let sharing =
        "<TR><TD><B>Peer Firmware Sharing</B></TD><td width=20></TD><TD><B>"

    @Test(
        "Network Configuration has its row, at every path that phones have it at",
        arguments: [
            "/P1/CGI/Java/Serviceability?adapter=device.statistics.configuration",
            "/SEP020000000001/NetworkConfiguration", "/p1/Network_Setup.html",
        ]
    )
    func row(_ target: String) throws {
        let (harness, port) = try served()
        let page = get(target, port: port)
        #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(page.contains("<H1>Network Configuration, CP-7961G P1</H1>"))
        #expect(page.contains(Self.sharing + "Enabled</B></TD></TR>"), "\(page)")
        #expect(page.contains("<B>IP Address</B></TD><td width=20></TD><TD><B>10.4.0.11</B>"))
        _ = harness.run("pfs device P1 off")
        // The phone has not read it yet.
        #expect(get(target, port: port).contains(Self.sharing + "Enabled"))
        _ = harness.run("apply P1")
        #expect(get(target, port: port).contains(Self.sharing + "Disabled"))
    }

    @Test(
        "with CSCui49910 the page has no row of sharing, and `show network-configuration` has none"
    )
    func rowless() throws {
        let (harness, port) = try served()
        let path = "/P1/NetworkConfiguration"
        for isOn in [false, true] {
            if isOn { #expect(harness.run("bug CSCui49910 in P1").status == 0) }
            let page = get(path, port: port)
            #expect(page.contains("Peer Firmware Sharing") == !isOn)
            let shown = harness.run("show network-configuration P1 | csv").text
            for row in shown.split(separator: "\n").dropFirst() {
                let label = row.prefix { $0 != "," }
                #expect(page.contains("<B>\(label)</B>"), "\(label)")
            }
            let rows = page.components(separatedBy: "<TR>").count - 1
            #expect(rows == shown.split(separator: "\n").count - 1)
        }
    }

    @Test("a phone is found by the name of the host, and its pages come as XML that can be read")
    func forms() throws {
        let (harness, port) = try served()
        defer { withExtendedLifetime(harness) {} }
        let path = "/CGI/Java/Serviceability?adapterX=device.statistics."
        for (host, target) in [
            ("boss.localhost:8080", path), ("127.0.0.1", "/boss\(path)"),
            ("127.0.0.1", "/SEP001B54F7AF72\(path)"),
        ] {
            let answer = get(target + "device", host: host, port: port)
            let body = try #require(answer.split(separator: "\r\n\r\n", maxSplits: 1).last)
            let root = try XMLReader.read(Array(body.utf8))
            #expect(root.name == "DeviceInformation")
            #expect(root.child("MACAddress")?.text == "001B54F7AF72")
            #expect(root.child("modelNumber")?.text == "CP-7841")
            let network = get(target + "configuration", host: host, port: port)
            #expect(network.contains("<PeerFirmwareSharing>Enabled</PeerFirmwareSharing>"))
        }
        #expect(get("/", port: port).contains("<A HREF=\"/P2/\">P2</A>"))
        #expect(
            get("/P1/CGI/Java/Serviceability?adapter=device.statistics.consolelog", port: port)
                .contains("/P1/FS/cache/log0.log")
        )
    }

    @Test("the log is the one of the console")
    func log() throws {
        let (harness, port) = try served()
        _ = harness.run("push 9.4(2)SR1 to P1\nrun 10s")
        let page = get("/P1/FS/cache/log0.log", port: port)
        let printed = harness.run("show log P1").text.replacing("\r\n", with: "\n")
        #expect(page.hasSuffix("\r\n\r\n" + printed), "\(page)\n\(printed)")
        #expect(printed.contains("Listening on peer TCP port 4051"))
    }

    @Test("nothing can be changed or found that is not there, and nonsense is refused")
    func refused() throws {
        let (harness, port) = try served()
        defer { withExtendedLifetime(harness) {} }
        for target in [
            "/nobody/", "/P1/CGI/Execute", "/P1/../P2/x", "/P1/FS/cache/../../etc/passwd",
        ] {
            #expect(get(target, port: port).hasPrefix("HTTP/1.1 404 "), "\(target)")
        }
        let injected = get("/%3Cscript%3E/", port: port)
        #expect(injected.contains("&lt;script&gt;") && !injected.contains("<script>"))
        for target in ["/%00", "/%", "/%zz", "/" + String(repeating: "a", count: 3_000)] {
            #expect(get(target, port: port).hasPrefix("HTTP/1.1 400 "), "\(target.prefix(9))")
        }
        let post = exchange(
            "POST /P1/CGI/Execute HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nXML",
            port: port
        )
        #expect(post.hasPrefix("HTTP/1.1 405 ") && post.lowercased().contains("allow: get, head"))
        #expect(exchange("nonsense\r\n\r\n", port: port).hasPrefix("HTTP/1.1 400 "))
        #expect(get("/", port: port).hasPrefix("HTTP/1.1 200 "))
    }

    private static let browser =
        ["chromium", "chromium-browser", "google-chrome"].first {
            Process.run("command -v \($0)").status == 0
        }

    @Test(
        "Chromium shows the row",
        .enabled(
            if: browser != nil && getenv("PFSH_TEST_ALL") != nil,
            "slow, and needs Chromium: scripts/test all"
        )
    )
    func chromium() throws {
        let (harness, port) = try served()
        defer { withExtendedLifetime(harness) {} }
        let result = Calls.run(
            """
            \(Self.browser ?? "") --headless --no-sandbox --disable-gpu --disable-dev-shm-usage \
                --user-data-dir="$PWD/profile" --dump-dom \
                'http://p1.localhost:\(port)/CGI/Java/Serviceability?adapter=device.statistics.configuration' \
                2>/dev/null
            """
        )
        // The browser has made a tree of it and printed that again.
        #expect(
            result.text.contains(
                "<b>Peer Firmware Sharing</b></td><td width=\"20\"></td><td><b>Enabled"
            ),
            "\(result.text)"
        )
    }
}
