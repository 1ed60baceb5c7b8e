// One example of every peer message, with the names of its case. The codec's tests and the page
// docs/protocol.md use the same ones, so that the bytes printed there are the bytes tested here.

import Testing

@testable import PFSRuntime

/// A message with the name that docs/protocol.md gives it.
struct PeerMessageExample: CustomTestStringConvertible, Sendable {
    let name: String
    let message: PeerMessage

    var testDescription: String { name }

    static let modelName = "CP-7961G"
    static let fileName = "dsp41.bin"

    static let all: [PeerMessageExample] = [
        PeerMessageExample("claim", .claim(claim(0x31D4_D43D))),
        PeerMessageExample("claim, Ad 4", .claim(claim(0x31D4_D43D, advertisement: 4))),
        PeerMessageExample("confirmed", .confirmed(claim(0xB1D4_D43D))),
        PeerMessageExample("confirmed, fetching", .confirmed(claim(0xB1D4_D43D, begun: true))),
        PeerMessageExample("offer", .offer(transaction: 0x0800_27F8)),
        PeerMessageExample("failed", .failed(.notFound)),
        PeerMessageExample("join", .join(transaction: 0x0800_27F8)),
        PeerMessageExample("accept", .accept(position(depth: 0))),
        PeerMessageExample("refuse", .refuse(redirect: IPv4Address(bits: 0x0A6A_7545))),
        PeerMessageExample("refuse, no redirect", .refuse(redirect: nil)),
        PeerMessageExample("hold", .hold(position(depth: 1))),
        PeerMessageExample("rootless", .rootless),
        PeerMessageExample("dissolve", .dissolve),
        PeerMessageExample("complete", .complete),
        PeerMessageExample("bye", .bye),
    ]

    private init(_ name: String, _ message: PeerMessage) {
        self.name = name
        self.message = message
    }

    func bytes() throws -> [UInt8] {
        try WirePeerMessage(
            modelName: Self.modelName,
            fileName: Self.fileName,
            message: message
        ).bytes()
    }

    /// How the message travels.
    var carrier: WirePeerMessage.Carrier { message.isBroadcast ? .datagram : .link }

    static func claim(
        _ strength: UInt32,
        advertisement: UInt8 = 0,
        begun: Bool = false
    ) -> Claim {
        Claim(
            transaction: 0x0800_27F8,
            strength: strength,
            advertisement: advertisement,
            fetchBegun: begun
        )
    }

    static func position(depth: UInt8, root: UInt32 = 0x0A6A_7544) -> HierarchyPosition {
        HierarchyPosition(
            transaction: 0x0800_27F8,
            root: IPv4Address(bits: root),
            depth: depth
        )
    }
}
