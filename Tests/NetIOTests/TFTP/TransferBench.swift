// A transfer's handler on an embedded channel, whose time stands still until a test turns it.

import NIOCore
import NIOEmbedded
import PFSRuntime
import Testing

@testable import NetIO

final class TransferBench {
    static let server = try? SocketAddress(ipAddress: "10.4.0.1", port: 69)
    static let peer = try? SocketAddress(ipAddress: "10.4.0.1", port: 2_000)
    static let stranger = try? SocketAddress(ipAddress: "10.4.0.9", port: 3_000)

    let channel: EmbeddedChannel
    let status: TFTPStatus
    private let loop = EmbeddedEventLoop()

    init(_ transfer: TFTPTransfer, _ content: TFTPContent, remote: SocketAddress?) throws {
        let remote = try #require(remote)
        status = TFTPStatus(role: transfer.role, fileName: "f", peer: remote.text, sizeBytes: nil)
        let job = TFTPJob(transfer: transfer, remote: remote, content: content, status: status)
        loop.advanceTime(to: .uptimeNanoseconds(1_000_000_000))
        channel = EmbeddedChannel(handler: TFTPTransferHandler(job), loop: loop)
        try channel.connect(to: remote).wait()
    }

    deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }

    /// A client's transfer into the file at `path`.
    static func get(
        to path: String,
        wishes: TFTPWishes = TFTPWishes(),
        limitBytes: Int64 = 1 << 32,
        sha256: [UInt8]? = nil
    ) throws -> TransferBench {
        let file = try PendingFile.at(path)
        let destination = TFTPDestination(file: file, limitBytes: limitBytes, sha256: sha256)
        let endpoint = TFTPEndpoint(try #require(server))
        let transfer = TFTPTransfer.get("f", from: endpoint, wishes: wishes)
        return try TransferBench(transfer, .receives(destination), remote: server)
    }

    /// A server's transfer of the file at `path`.
    static func serve(_ path: String, _ options: [TFTPOption] = []) throws -> TransferBench {
        let file = try OpenFile(path)
        let request = TFTPRequest(fileName: "f", mode: .octet, options: options)
        let (terms, taken) = TFTPLimits().terms(for: request, fileSize: file.sizeBytes)
        let transfer = TFTPTransfer.serveRead(
            to: TFTPEndpoint(try #require(peer)),
            sizeBytes: file.sizeBytes,
            terms: terms,
            acknowledged: taken
        )
        return try TransferBench(transfer, .sends(file), remote: peer)
    }

    func pass(milliseconds: Int64) { loop.advanceTime(by: .milliseconds(milliseconds)) }

    func hear(_ packet: TFTPPacket, from address: SocketAddress? = peer) throws {
        try hear(packet.bytes, from: address)
    }

    func hear(_ bytes: [UInt8], from address: SocketAddress? = peer) throws {
        let address = try #require(address)
        let data = ByteBuffer(bytes: bytes)
        try channel.writeInbound(AddressedEnvelope(remoteAddress: address, data: data))
    }

    /// The next packet that was sent, and the port it went to.
    func sent() throws -> (packet: TFTPPacket, port: Int)? {
        guard let envelope = try channel.readOutbound(as: AddressedEnvelope<ByteBuffer>.self)
        else { return nil }
        let packet = try TFTPPacket(parsing: envelope.data.readableBytesView)
        return (packet, envelope.remoteAddress.port ?? 0)
    }

    func expect(
        _ packet: TFTPPacket,
        to port: Int = 2_000,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let next = try sent()
        #expect(next?.packet == packet, sourceLocation: location)
        #expect(next?.port == port, sourceLocation: location)
    }

    func expectNothing(at location: SourceLocation = #_sourceLocation) throws {
        let next = try sent()
        #expect(next == nil, sourceLocation: location)
    }
}
