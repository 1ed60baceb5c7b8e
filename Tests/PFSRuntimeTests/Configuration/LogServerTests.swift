// The Log Server field: its text, and the three levels that it can be entered at.

import Testing

@testable import PFSRuntime

@Suite("Log Server") struct LogServerTests {
    private static let address = IPv4Address(bits: 0xC0A8_0101)

    @Test(
        "the field is read as the guides write it, with and without a port and options",
        arguments: [
            (
                "192.168.1.1:9001@@base=3;pfs=1",
                LogServer(address, port: 9001, base: 3, sendsSharing: true)
            ),
            ("192.168.1.1:9001@@pfs=0", LogServer(address, port: 9001, sendsSharing: false)),
            (
                "192.168.1.1:9001@@pfs=1;base=0",
                LogServer(address, port: 9001, base: 0, sendsSharing: true)
            ),
            ("192.168.1.1:9001", LogServer(address, port: 9001)),
            ("192.168.1.1", LogServer(address)),
        ]
    )
    func reading(_ text: String, _ server: LogServer) {
        #expect(LogServer(text) == server)
        #expect(LogServer(server.description) == server)
    }

    @Test(
        "what is no such field is none",
        arguments: [
            "", "nas", "192.168.1", "192.168.1.1:", "192.168.1.1:0", "192.168.1.1:65536",
            "192.168.1.1:+9", "192.168.1.1:9001@@", "192.168.1.1:9001@@base=8",
            "192.168.1.1:9001@@pfs=2", "192.168.1.1:9001@@pfs=1;pfs=1", "192.168.1.1:9001@@pfs",
            "192.168.1.1:9001@@base=1;", "192.168.1.1:9001@@other=1", "2001:db8::1:9001",
            "192.168.1.1:9001@@base=1;pfs=1@@", String(repeating: "1", count: 300),
        ]
    )
    func refusing(_ text: String) { #expect(LogServer(text) == nil) }

    @Test("the phone page outranks the profile, and a box that is not ticked never counts")
    func levels() throws {
        let office = try Office(wan: nil)
        let phones = try office.add(2)
        let world = office.world
        let (one, other) = (LogServer(Self.address), LogServer(Self.address, port: 9001))
        try world.setEnterpriseLogServer(LogServerSetting(one))
        try world.setDeviceLogServer(LogServerSetting(other), on: [phones[0]])
        try world.setDeviceLogServer(LogServerSetting(other, isTicked: false), on: [phones[1]])
        #expect(world.logServer(of: phones[0]) == LogServerDecision(other, level: .device))
        #expect(world.logServer(of: phones[1]) == LogServerDecision(one, level: .enterprise))
        #expect(world.readLogServer(phones[0]) == nil)
        #expect(world.configurationIsPending(phones[0]))
        #expect(world.applyConfiguration(phones).isEmpty)
        #expect(world.readLogServer(phones[0]) == other)
        #expect(world.copy().readLogServer(phones[1]) == one)
        try world.setDeviceLogServer(nil, on: phones)
        #expect(world.logServer(of: phones[0]) == LogServerDecision(one, level: .enterprise))
    }
}
