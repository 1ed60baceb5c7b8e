// Peer messages as bytes: every case there and back, every truncation, every refusal with its byte,
// and the reading of a link piece by piece.

import Testing

@testable import PFSRuntime

struct PeerMessageCodecTests {
    /// Where the fields stand behind the names of the examples.
    private static let fields =
        WirePeerMessage.headerBytes + 2 + PeerMessageExample.modelName.utf8.count
        + PeerMessageExample.fileName.utf8.count

    private func refusal(
        _ bytes: [UInt8],
        _ carrier: WirePeerMessage.Carrier
    ) -> WireError? {
        do {
            _ = try WirePeerMessage(parsing: bytes, from: carrier)
            return nil
        } catch {
            return error
        }
    }

    private func refusal(
        _ message: PeerMessage,
        model: String = PeerMessageExample.modelName,
        file: String = PeerMessageExample.fileName
    ) -> WireError? {
        do {
            _ = try WirePeerMessage(modelName: model, fileName: file, message: message)
            return nil
        } catch {
            return error
        }
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        try #require(PeerMessageExample.all.first { $0.name == name }).bytes()
    }

    @Test("every message comes back from its bytes", arguments: PeerMessageExample.all)
    func roundTrip(_ example: PeerMessageExample) throws {
        let bytes = try example.bytes()
        let read = try WirePeerMessage(parsing: bytes, from: example.carrier)
        #expect(read.message == example.message)
        #expect(read.modelName == PeerMessageExample.modelName)
        #expect(read.fileName == PeerMessageExample.fileName)
        #expect(read.bytes() == bytes)
        #expect(PeerMessageKind(example.message).isBroadcast == example.message.isBroadcast)
    }

    @Test("the examples have every kind of message")
    func examplesAreComplete() {
        for kind in PeerMessageKind.allCases {
            #expect(PeerMessageExample.all.contains { PeerMessageKind($0.message) == kind })
        }
    }

    @Test("every failure code comes back", arguments: FailureReason.allCases)
    func failureCodes(_ reason: FailureReason) throws {
        let sent = try WirePeerMessage(modelName: "m", fileName: "f", message: .failed(reason))
        #expect(try WirePeerMessage(parsing: sent.bytes(), from: .datagram) == sent)
    }

    @Test("a message cut short anywhere is truncated", arguments: PeerMessageExample.all)
    func truncation(_ example: PeerMessageExample) throws {
        let bytes = try example.bytes()
        for length in 0..<bytes.count {
            let error = refusal(Array(bytes.prefix(length)), example.carrier)
            #expect(error == WireError(offset: length, reason: .truncated))
        }
    }

    @Test("a message that says it is shorter than its fields is truncated")
    func shortenedLength() throws {
        var bytes = try bytes("claim")
        bytes.removeLast()
        bytes[11] -= 1
        #expect(refusal(bytes, .datagram) == WireError(offset: bytes.count, reason: .truncated))
    }

    @Test("a byte behind a message is refused", arguments: PeerMessageExample.all)
    func trailing(_ example: PeerMessageExample) throws {
        var bytes = try example.bytes()
        let end = bytes.count
        bytes.append(0)
        let expected = WireError(offset: end, reason: .trailingBytes(1))
        #expect(refusal(bytes, example.carrier) == expected)
        bytes[11] += 1
        #expect(refusal(bytes, example.carrier) == expected)
    }

    @Test("each byte of the magic is compared", arguments: WirePeerMessage.magic.indices)
    func magic(_ index: Int) throws {
        var bytes = try bytes("claim")
        bytes[index] ^= 1
        #expect(refusal(bytes, .datagram) == WireError(offset: index, reason: .notOurs))
    }

    @Test("unknown versions and kinds are refused by their number")
    func unknown() throws {
        var bytes = try bytes("claim")
        bytes[9] = 99
        #expect(refusal(bytes, .datagram) == WireError(offset: 9, reason: .unknownKind(99)))
        bytes[8] = 2
        #expect(refusal(bytes, .datagram) == WireError(offset: 8, reason: .unknownVersion(2)))
    }

    @Test("each message is refused on the way it does not take", arguments: PeerMessageExample.all)
    func carrier(_ example: PeerMessageExample) throws {
        let bytes = try example.bytes()
        let isBroadcast = example.message.isBroadcast
        let reason: WireError.Reason = isBroadcast ? .broadcastOverLink : .linkMessageInDatagram
        let error = refusal(bytes, isBroadcast ? .link : .datagram)
        #expect(error == WireError(offset: 9, reason: reason))
    }

    @Test("a length that no message has is refused", arguments: [0, 15, 311, 65_535])
    func badLength(_ length: Int) throws {
        var bytes = try bytes("bye")
        bytes[10] = UInt8(length >> 8)
        bytes[11] = UInt8(length & 255)
        let expected = WireError(offset: 10, reason: .badLength(length))
        #expect(refusal(bytes, .link) == expected)
        #expect(throws: expected) { try WirePeerMessage.length(ofMessageBeginning: bytes) }
    }

    @Test("strengths of the wrong sort are refused, in bytes and in values")
    func strengths() throws {
        let at = Self.fields + 4
        let claim = WireError(offset: at, reason: .confirmedStrengthInClaim)
        #expect(refusal(.claim(PeerMessageExample.claim(0x8000_0000))) == claim)
        var bytes = try bytes("claim")
        bytes[at] |= 0x80
        #expect(refusal(bytes, .datagram) == claim)

        let confirmed = WireError(offset: at, reason: .tentativeStrengthInConfirmed)
        #expect(refusal(.confirmed(PeerMessageExample.claim(0x7FFF_FFFF))) == confirmed)
        bytes = try self.bytes("confirmed")
        bytes[at] &= 0x7F
        #expect(refusal(bytes, .datagram) == confirmed)
    }

    @Test("what a message has no room for cannot be sent")
    func unsendable() {
        let at = Self.fields + 8
        let fetching = PeerMessageExample.claim(1, begun: true)
        #expect(refusal(.claim(fetching)) == WireError(offset: at, reason: .fetchInClaim))
        let numbered = PeerMessageExample.claim(0x8000_0001, advertisement: 1)
        #expect(refusal(.confirmed(numbered)) == WireError(offset: at, reason: .numberInConfirmed))
        let nowhere = IPv4Address(bits: 0)
        let refused = PeerMessage.refuse(redirect: nowhere)
        #expect(refusal(refused) == WireError(offset: Self.fields, reason: .noAddress))
    }

    @Test("a flag other than 0 and 1 and an unknown failure code are refused")
    func enumerations() throws {
        var bytes = try bytes("confirmed")
        bytes[Self.fields + 8] = 2
        let flag = WireError(offset: Self.fields + 8, reason: .badFlag(2))
        #expect(refusal(bytes, .datagram) == flag)
        bytes = try self.bytes("failed")
        bytes[Self.fields] = 11
        let code = WireError(offset: Self.fields, reason: .unknownFailure(11))
        #expect(refusal(bytes, .datagram) == code)
    }

    @Test("a depth of 64 is taken and one of 65 refused", arguments: ["accept", "hold"])
    func depth(_ name: String) throws {
        var bytes = try bytes(name)
        bytes[Self.fields + 8] = 64
        #expect(refusal(bytes, .link) == nil)
        bytes[Self.fields + 8] = 65
        let expected = WireError(offset: Self.fields + 8, reason: .tooDeep(65))
        #expect(refusal(bytes, .link) == expected)
        #expect(refusal(.hold(PeerMessageExample.position(depth: 65))) == expected)
    }

    @Test("a root without an address is refused", arguments: ["accept", "hold"])
    func rootAddress(_ name: String) throws {
        var bytes = try bytes(name)
        for index in 0..<4 { bytes[Self.fields + 4 + index] = 0 }
        let expected = WireError(offset: Self.fields + 4, reason: .noAddress)
        #expect(refusal(bytes, .link) == expected)
        #expect(refusal(.accept(PeerMessageExample.position(depth: 0, root: 0))) == expected)
    }

    @Test(
        "names that are empty, too long, paths or no text are refused",
        arguments: ["", "a/b", "/", ".", "..", "a\u{0}", "a\n", "\u{7F}", "é", "\u{1B}[2J"]
    )
    func fileNames(_ name: String) {
        let start = WirePeerMessage.headerBytes + 1 + PeerMessageExample.modelName.utf8.count
        #expect(refusal(.bye, file: name) == WireError(offset: start, reason: .badFileName))
    }

    @Test("names are bounded from both sides")
    func nameLimits() throws {
        func text(_ count: Int) -> String { String(repeating: "x", count: count) }
        let longest = try WirePeerMessage(
            modelName: text(32),
            fileName: text(255),
            message: .hold(PeerMessageExample.position(depth: 1))
        )
        #expect(longest.bytes().count == WirePeerMessage.mostBytes)
        #expect(try WirePeerMessage(parsing: longest.bytes(), from: .link) == longest)
        let shortest = try WirePeerMessage(modelName: "m", fileName: "f", message: .bye)
        #expect(shortest.bytes().count == WirePeerMessage.leastBytes)
        #expect(try WirePeerMessage(parsing: shortest.bytes(), from: .link) == shortest)
        #expect(refusal(.bye, model: text(33)) == WireError(offset: 12, reason: .badModelName))
        #expect(refusal(.bye, model: "") == WireError(offset: 12, reason: .badModelName))
        #expect(refusal(.bye, model: "m", file: text(256))?.reason == .badFileName)
    }

    @Test("bytes that are no text in a name are refused where the name stands")
    func namesInBytes() throws {
        var bytes = try bytes("bye")
        bytes[13] = 0xFF
        #expect(refusal(bytes, .link) == WireError(offset: 12, reason: .badModelName))
        bytes = try self.bytes("bye")
        bytes[22] = 0x2F
        #expect(refusal(bytes, .link) == WireError(offset: 21, reason: .badFileName))
        bytes = try self.bytes("bye")
        bytes[12] = 0
        #expect(refusal(bytes, .link) == WireError(offset: 12, reason: .badModelName))
    }

    @Test("the names of every model and file in the catalogue can be sent")
    func catalogueNames() {
        for model in PhoneModel.all { #expect(refusal(.bye, model: model.name) == nil) }
        for load in FirmwareLoad.builtIn {
            for file in load.files { #expect(refusal(.bye, file: file.name) == nil) }
        }
    }

    @Test("a link is read message by message, whatever the pieces", arguments: [1, 2, 7, 64])
    func reading(_ piece: Int) throws {
        let sent = PeerMessageExample.all.filter { !$0.message.isBroadcast }
        let stream = try sent.flatMap { try $0.bytes() }
        var pending: [UInt8] = []
        var received: [PeerMessage] = []
        var arrived = 0
        while arrived < stream.count {
            let end = min(arrived + piece, stream.count)
            pending += stream[arrived..<end]
            arrived = end
            while let length = try WirePeerMessage.length(ofMessageBeginning: pending),
                length <= pending.count
            {
                let bytes = Array(pending.prefix(length))
                received.append(try WirePeerMessage(parsing: bytes, from: .link).message)
                pending.removeFirst(length)
            }
            #expect(pending.count < WirePeerMessage.mostBytes)
        }
        #expect(received == sent.map(\.message))
        #expect(pending.isEmpty)
    }

    @Test("a stranger on a link is recognised by the first byte that is not ours")
    func stranger() throws {
        let greeting = Array("GET / HTTP/1.1\r\n".utf8)
        #expect(throws: WireError(offset: 0, reason: .notOurs)) {
            try WirePeerMessage.length(ofMessageBeginning: greeting)
        }
        let claim = try bytes("claim")
        #expect(throws: WireError(offset: 9, reason: .broadcastOverLink)) {
            try WirePeerMessage.length(ofMessageBeginning: claim)
        }
    }
}
