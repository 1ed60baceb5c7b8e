// The frames of a link that carry a file: headers and pieces, beside the messages.

import PFSRuntime
import Testing

@Suite("Frames of a link") struct WireFrameTests {
    private func header(_ size: Int64 = 3_156_347) throws -> WireFileHeader {
        try WireFileHeader(modelName: "CP-7961G", fileName: "apps41.sbn", sizeBytes: size)
    }

    @Test("a header comes back from its bytes", arguments: [0, 1, 3_156_347, 4_294_967_295])
    func headerRoundTrip(_ size: Int64) throws {
        let header = try header(size)
        let bytes = header.bytes()
        #expect(try WireFrame.length(ofFrameBeginning: bytes) == bytes.count)
        #expect(try WireFrame(parsing: bytes) == .file(header))
    }

    @Test("a piece says how many bytes follow", arguments: [1, 1_460, WirePiece.byteLimit])
    func piece(_ count: Int) throws {
        let bytes = WirePiece.header(count: count)
        #expect(bytes.count == WirePiece.headerBytes)
        #expect(try WireFrame.length(ofFrameBeginning: bytes) == bytes.count)
        #expect(try WireFrame(parsing: bytes) == .piece(byteCount: count))
    }

    @Test("a message is a frame as it was")
    func message() throws {
        let join = try WirePeerMessage(
            modelName: "CP-7961G",
            fileName: "apps41.sbn",
            message: .join(transaction: 7)
        )
        #expect(try WireFrame(parsing: join.bytes()) == .message(join))
    }

    @Test("no beginning of a frame is taken for a whole one")
    func beginnings() throws {
        for whole in [try header().bytes(), WirePiece.header(count: 9)] {
            for count in 0..<whole.count {
                let part = Array(whole.prefix(count))
                #expect(throws: WireError.self) { try WireFrame(parsing: part) }
                let length = try WireFrame.length(ofFrameBeginning: part)
                #expect(length == nil || length == whole.count)
            }
        }
    }

    @Test("a file of more than 4 GiB, an empty piece and one of 1 GiB are refused")
    func limits() throws {
        #expect(throws: WireError.self) { try header(4_294_967_296) }
        #expect(throws: WireError.self) { try header(-1) }
        var large = try header().bytes()
        large[large.count - 8] = 0x7F
        #expect(throws: WireError.self) { try WireFrame(parsing: large) }
        for count in [0, WirePiece.byteLimit + 1, 1 << 30] {
            let bytes = WirePiece.header(count: count)
            #expect(throws: WireError.self) { try WireFrame(parsing: bytes) }
        }
    }

    @Test("a length that is not the frame's is refused as soon as it is there")
    func lengths() throws {
        var piece = WirePiece.header(count: 9)
        piece[11] = 200
        #expect(throws: WireError.self) {
            try WireFrame.length(ofFrameBeginning: Array(piece.prefix(12)))
        }
        var file = try header().bytes()
        file[11] = UInt8(WirePeerMessage.leastBytes)
        #expect(throws: WireError.self) {
            try WireFrame.length(ofFrameBeginning: Array(file.prefix(12)))
        }
    }
}
