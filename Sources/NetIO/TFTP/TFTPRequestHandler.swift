// The socket that takes requests: decides whether a request becomes a transfer, and answers an error
// where it does not.

import NIOCore
import PFSRuntime

final class TFTPRequestHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let configuration: TFTPServerConfiguration
    private let directory: ConfinedDirectory
    private let book: TFTPBook

    init(
        _ configuration: TFTPServerConfiguration,
        _ directory: ConfinedDirectory,
        _ book: TFTPBook
    ) {
        self.configuration = configuration
        self.directory = directory
        self.book = book
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An answer that could not be delivered is the client's to miss.
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        let client = envelope.remoteAddress
        do throws(TFTPErrorMessage) {
            let packet = try Self.packet(envelope.data)
            let request: TFTPRequest
            let isWrite: Bool
            switch packet {
            case .readRequest(let asked): (request, isWrite) = (asked, false)
            case .writeRequest(let asked): (request, isWrite) = (asked, true)
            // Errors are never answered, and the rest is no affair of this port.
            case .error: return
            case .data, .acknowledgement, .optionAcknowledgement:
                throw TFTPErrorMessage(.unknownTransferID, "Unknown transfer ID")
            }
            let number: Int
            switch book.admission(of: packet, from: TFTPEndpoint(client)) {
            case .admitted(let free): number = free
            case .known: return
            case .full: throw TFTPErrorMessage(.notDefined, "The server is busy, try again")
            }
            let job = try job(number, for: request, isWrite: isWrite, from: client)
            book.begin(number, packet, job)
            begin(number, job, to: envelope.metadata?.packetInfo?.destinationAddress, context)
        } catch {
            let answer = ByteBuffer(bytes: TFTPPacket.error(error).bytes)
            let envelope = AddressedEnvelope(remoteAddress: client, data: answer)
            context.write(wrapOutboundOut(envelope), promise: nil)
        }
    }

    private static func packet(_ data: ByteBuffer) throws(TFTPErrorMessage) -> TFTPPacket {
        do throws(TFTPPacketError) {
            return try TFTPPacket(parsing: data.readableBytesView)
        } catch {
            throw TFTPErrorMessage(.illegalOperation, "Illegal TFTP operation: \(error)")
        }
    }

    /// The transfer that a request asks for, with its file open.
    private func job(
        _ number: Int,
        for request: TFTPRequest,
        isWrite: Bool,
        from client: SocketAddress
    ) throws(TFTPErrorMessage) -> TFTPJob {
        guard request.mode != .mail else {
            throw TFTPErrorMessage(.illegalOperation, "mail is not served")
        }
        let endpoint = TFTPEndpoint(client)
        let limits = configuration.limits
        guard isWrite else {
            let file = try directory.openForReading(request.fileName)
            let size = try BlockSource.sizeOnWire(file, mode: request.mode)
            let (terms, taken) = limits.terms(for: request, fileSize: size)
            let transfer = TFTPTransfer.serveRead(
                to: endpoint,
                sizeBytes: size,
                terms: terms,
                acknowledged: taken,
                parameters: configuration.parameters
            )
            let status = status(number, .servesRead, request, client, size)
            return TFTPJob(
                transfer: transfer,
                remote: client,
                content: .sends(file),
                status: status
            )
        }
        guard configuration.isWritable else {
            throw TFTPErrorMessage(.accessViolation, "The server is read-only")
        }
        let (terms, taken) = limits.terms(for: request, fileSize: nil)
        guard terms.transferSize ?? 0 <= limits.fileBytes else {
            throw TFTPErrorMessage(.diskFull, "the file is larger than the limit")
        }
        let file = try directory.openForWriting(request.fileName)
        let transfer = TFTPTransfer.serveWrite(
            from: endpoint,
            terms: terms,
            acknowledged: taken,
            parameters: configuration.parameters
        )
        return TFTPJob(
            transfer: transfer,
            remote: client,
            content: .receives(TFTPDestination(file: file, limitBytes: limits.fileBytes)),
            status: status(number, .servesWrite, request, client, terms.transferSize)
        )
    }

    private func status(
        _ number: Int,
        _ role: TFTPTransfer.Role,
        _ request: TFTPRequest,
        _ client: SocketAddress,
        _ sizeBytes: Int64?
    ) -> TFTPStatus {
        let book = book
        return TFTPStatus(
            role: role,
            fileName: request.fileName,
            peer: client.text,
            sizeBytes: sizeBytes,
            whenEnded: { book.end(number) }
        )
    }

    /// Gives the transfer a socket at the address that the client wrote to.
    private func begin(
        _ number: Int,
        _ job: TFTPJob,
        to destination: SocketAddress?,
        _ context: ChannelHandlerContext
    ) {
        var local = destination ?? context.localAddress
        local?.port = 0
        guard let local else { return book.close(number) }
        let book = book
        let status = job.status
        TFTPSocket.open(job, on: NetworkLoops.next(), from: local).whenComplete { result in
            guard case .success(let channel) = result else {
                // Such as a request to a broadcast address, which nobody answers (RFC 1123, 4.2.3.5).
                status.end(.failed(.storage(TFTPErrorMessage(.notDefined, "no socket"))))
                return book.close(number)
            }
            channel.closeFuture.whenComplete { _ in book.close(number) }
            let client = TFTPClient(status: status, channel: channel)
            if !book.attach(number, client) { client.stop() }
        }
    }
}
