// One transfer on one socket: turns datagrams into inputs of the state machine and its effects into
// datagrams. All of it happens on the socket's event loop.

import NIOCore
import PFSRuntime

/// Drives one transfer.
final class TFTPTransferHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    /// The most segments and bytes that the kernel cuts out of one buffer (UDP_MAX_SEGMENTS, and the
    /// longest packet of IPv4 less its headers).
    private static let segmentLimit = 64
    private static let segmentedByteLimit = 65_507
    /// What is sent at once of a window: less than a socket holds whose owner did not ask for more.
    ///
    /// rmem_default is 212,992 bytes, and counts buffers, not what is in them. A receiver on the same core
    /// would lose the end of each window again and again.
    private static let burstBytes = 1 << 17
    /// The time in which it is read: own choice, some 7 ms for a window, well below any repetition.
    private static let burstPause = TimeAmount.microseconds(100)
    /// However large the window is.
    private static let burstsMost = 64
    /// Steps between two reports, so that a small block does not pay for a lock.
    private static let reportEvery = 64

    private var transfer: TFTPTransfer
    /// Where requests go.
    private let server: SocketAddress
    /// Where all else goes: the port from which the other side answered.
    private var remote: SocketAddress
    private let status: TFTPStatus
    private let tap: TFTPTap?
    private let blockDelay: TimeAmount
    private var source: BlockSource?
    private var sink: BlockSink?
    /// Nil when it is over, so that files are closed then.
    private var content: TFTPContent?
    private var effects = TFTPEffects()
    private var outgoing = ByteBuffer()
    /// The blocks of the window that wait for their burst.
    private var unsent: Range<Int64> = 0..<0
    private var steps = 0
    private var hasFlush = false
    private var segments = false
    /// The transfers of this event loop; nil where there is none of the network's.
    private let load: TransferLoad?
    private var lockStep = LockStep()
    /// Whether it counts as one of them.
    private var isRunning = false
    /// Whether the event loop has been asked to come back.
    private var willStay = false
    /// Whether the socket is to be closed after the stay.
    private var hasClose = false

    init(_ job: TFTPJob, load: TransferLoad? = nil) {
        self.load = load
        transfer = job.transfer
        remote = job.remote
        server = job.remote
        status = job.status
        content = job.content
        tap = job.tap
        blockDelay = .nanoseconds(job.blockDelay)
    }

    func channelActive(context: ChannelHandlerContext) {
        load?.enter()
        isRunning = true
        transfer.start(now: Self.now(context), into: &effects)
        carryOut(nil, context)
        context.flush()
    }

    func channelInactive(context: ChannelHandlerContext) {
        // A socket that the system took away; after a regular end this changes nothing.
        let reason = TFTPErrorMessage(.notDefined, "the network went away")
        discard()
        end(.failed(.storage(reason)))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Nobody listens over there, or the way is blocked: the clock repeats, then gives up.
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard blockDelay == .nanoseconds(0) else {
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: blockDelay) {
                let (handler, context) = bound.value
                handler.hear(envelope, context)
                context.flush()
            }
            return
        }
        hear(envelope, context)
    }

    private func hear(_ envelope: AddressedEnvelope<ByteBuffer>, _ context: ChannelHandlerContext) {
        let endpoint = TFTPEndpoint(envelope.remoteAddress)
        guard let size = envelope.metadata?.segmentSize, size > 0,
            size < envelope.data.readableBytes
        else { return hear(envelope.data, endpoint, envelope.remoteAddress, context) }
        var rest = envelope.data
        while let part = rest.readSlice(length: min(size, rest.readableBytes)),
            part.readableBytes > 0
        {
            hear(part, endpoint, envelope.remoteAddress, context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush(context)
        stay(context)
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard hasFlush else { return }
        hasFlush = false
        context.flush()
    }

    /// Waits for the next packets here, where that is faster than to be called for each.
    private func stay(_ context: ChannelHandlerContext) {
        guard isRunning, transfer.terms.windowSize == 1, load?.isOne ?? false,
            blockDelay == .nanoseconds(0), lockStep.isWorthwhile()
        else { return }
        // One byte more than agreed, so that a larger block is seen.
        let room = max(
            TFTPSocket.smallBytes,
            TFTPPacket.dataHeaderBytes + transfer.terms.blockSize + 1
        )
        _ = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { descriptor in
            lockStep.stay(at: descriptor, room: room)
            while isRunning, lockStep.next() { hearHere(context) }
            lockStep.leave()
        }
        if hasClose { context.close(promise: nil) }
        flush(context)
        guard isRunning, lockStep.end == .timeIsUp, !willStay else { return }
        // The event loop looks after all others, but does not sleep before it comes back here.
        willStay = true
        context.eventLoop.assumeIsolated().execute {
            self.willStay = false
            self.stay(context)
        }
    }

    private func hearHere(_ context: ChannelHandlerContext) {
        let endpoint = lockStep.source
        let isPeer = endpoint == transfer.peer
        guard let address = isPeer ? remote : SocketAddress(endpoint, like: remote) else { return }
        hear(lockStep.packet, endpoint, address, context)
    }

    /// Ends the transfer because the user, or the end of the server, wants it so.
    func stop(_ context: ChannelHandlerContext) {
        _ = transfer.handle(.stop, now: Self.now(context), into: &effects)
        carryOut(nil, context)
        context.flush()
    }

    /// The event loop's time, which a test can turn.
    private static func now(_ context: ChannelHandlerContext) -> Instant {
        Instant(nanoseconds: Int64(clamping: context.eventLoop.now.uptimeNanoseconds))
    }

    private func hear(
        _ packet: ByteBuffer,
        _ endpoint: TFTPEndpoint,
        _ address: SocketAddress,
        _ context: ChannelHandlerContext
    ) {
        let signal = TFTPSignal(packet)
        if let tap { tap(false, context.channel.localAddress?.port ?? 0, address, packet) }
        let isFirst = transfer.peer == nil
        _ = transfer.handle(.heard(signal, from: endpoint), now: Self.now(context), into: &effects)
        if isFirst, transfer.peer != nil { remote = address }
        carryOut(packet, context, stranger: address)
        steps += 1
        if steps % Self.reportEvery == 1 { status.update(transfer) }
    }

    /// Carries out all effects in order; `packet` is the one whose bytes may have to be kept.
    private func carryOut(
        _ packet: ByteBuffer?,
        _ context: ChannelHandlerContext,
        stranger: SocketAddress? = nil
    ) {
        do throws(TFTPErrorMessage) {
            for effect in effects.list {
                try carryOut(effect, packet, context, stranger)
            }
            effects.removeAll()
        } catch {
            // What was still to be said rested on bytes that are not there.
            effects.removeAll()
            storageFailed(error, context)
        }
    }

    private func storageFailed(_ error: TFTPErrorMessage, _ context: ChannelHandlerContext) {
        _ = transfer.handle(.storageFailed(error), now: Self.now(context), into: &effects)
        let last = effects.list
        effects.removeAll()
        for effect in last { try? carryOut(effect, nil, context, nil) }
    }

    private func carryOut(
        _ effect: TFTPEffect,
        _ packet: ByteBuffer?,
        _ context: ChannelHandlerContext,
        _ stranger: SocketAddress?
    ) throws(TFTPErrorMessage) {
        switch effect {
        case .send(let packet):
            let data = ByteBuffer(bytes: packet.bytes)
            write(data, context, to: packet.isRequest ? server : remote)
        case .acknowledge(let block):
            outgoing.clear()
            outgoing.writeInteger(UInt32(4) << 16 | UInt32(block))
            write(outgoing, context, to: remote)
        case .sendBlocks(let first, let count): try send(first, count, context)
        case .keep:
            guard let packet, let sink else { return }
            let start = packet.readerIndex + TFTPPacket.dataHeaderBytes
            let length = packet.readableBytes - TFTPPacket.dataHeaderBytes
            guard let block = packet.getSlice(at: start, length: length) else { return }
            try sink.keep(block)
        case .refuse:
            guard let stranger else { return }
            let message = TFTPErrorMessage(.unknownTransferID, "Unknown transfer ID")
            write(ByteBuffer(bytes: TFTPPacket.error(message).bytes), context, to: stranger)
        case .agreed(let terms): try agree(terms, context)
        case .wake(let instant): wake(at: instant, context)
        case .complete:
            try sink?.finish()
            end(.complete)
        case .failed(let failure):
            discard()
            end(.failed(failure))
        case .close:
            discard()
            // A socket that is lent out has to come back first.
            hasClose = lockStep.isStaying
            guard !hasClose else { return }
            context.flush()
            context.close(promise: nil)
        }
    }

    /// Closes the files; what did not become whole is gone.
    ///
    /// A wake-up may keep this handler for long.
    private func discard() {
        if case .receives(let destination) = content { destination.file.discard() }
        (source, sink, content) = (nil, nil, nil)
    }

    private func agree(
        _ terms: TFTPTerms,
        _ context: ChannelHandlerContext
    ) throws(TFTPErrorMessage) {
        status.agree(terms)
        switch content {
        case .sends(let file):
            let size = transfer.sizeBytes
            source = BlockSource(file, mode: terms.mode, sizeBytes: size)
            // Only where no device in between could refuse to cut the buffer.
            segments =
                System.supportsUDPSegmentationOffload && terms.windowSize > 1 && remote.isLoopback
        case .receives(let destination):
            guard terms.transferSize ?? 0 <= destination.limitBytes else {
                throw TFTPErrorMessage(.diskFull, "the file is larger than the limit")
            }
            sink = BlockSink(destination, terms: terms)
        case nil: return
        }
        if terms.windowSize > 1 || terms.blockSize > 2_000 {
            TFTPSocket.prepare(context.channel, forWindow: terms)
        }
    }

    private func wake(at instant: Instant, _ context: ChannelHandlerContext) {
        let loop = context.eventLoop.assumeIsolated()
        loop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(instant.nanoseconds))) {
            _ = self.transfer.handle(.wake, now: Self.now(context), into: &self.effects)
            self.carryOut(nil, context)
            self.status.update(self.transfer)
            context.flush()
        }
    }

    private func end(_ outcome: TFTPReport.Outcome) {
        if isRunning { load?.leave() }
        isRunning = false
        status.update(transfer)
        status.end(outcome)
    }

    private func write(
        _ data: ByteBuffer,
        _ context: ChannelHandlerContext,
        to address: SocketAddress,
        segment: Int? = nil
    ) {
        if let tap { tap(true, context.channel.localAddress?.port ?? 0, address, data) }
        if segment == nil, lockStep.send(data, to: address) { return }
        hasFlush = true
        var envelope = AddressedEnvelope(remoteAddress: address, data: data)
        if let segment {
            envelope.metadata = .init(
                ecnState: .transportNotCapable,
                packetInfo: nil,
                segmentSize: segment
            )
        }
        context.write(wrapOutboundOut(envelope), promise: nil)
    }

    /// Sends blocks, in bursts that the other side's socket can hold; what was still to be sent of an
    /// earlier window is not.
    private func send(
        _ first: Int64,
        _ count: Int,
        _ context: ChannelHandlerContext
    ) throws(TFTPErrorMessage) {
        let packet = transfer.terms.blockSize + TFTPPacket.dataHeaderBytes
        let burst = max(Self.burstBytes / packet, count / Self.burstsMost, 1)
        unsent = first..<first + Int64(count)
        try sendBurst(burst, context)
    }

    private func sendBurst(
        _ burst: Int,
        _ context: ChannelHandlerContext
    ) throws(TFTPErrorMessage) {
        let present = unsent.prefix(burst)
        try sendAtOnce(present.startIndex, present.count, context)
        unsent = present.endIndex..<unsent.upperBound
        guard !unsent.isEmpty else { return }
        let rest = unsent
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.burstPause) {
            guard self.unsent == rest, self.content != nil else { return }
            do throws(TFTPErrorMessage) {
                try self.sendBurst(burst, context)
            } catch {
                self.storageFailed(error, context)
            }
            self.flush(context)
        }
    }

    /// Sends blocks: several in one buffer where the kernel cuts it.
    private func sendAtOnce(
        _ first: Int64,
        _ count: Int,
        _ context: ChannelHandlerContext
    ) throws(TFTPErrorMessage) {
        guard let source else { return }
        let blockSize = transfer.terms.blockSize
        let segment = blockSize + TFTPPacket.dataHeaderBytes
        let together =
            segments ? max(1, min(Self.segmentLimit, Self.segmentedByteLimit / segment)) : 1
        var index = first
        let end = first + Int64(count)
        while index < end {
            outgoing.clear()
            let part = min(Int64(together), end - index)
            for block in index..<index + part {
                outgoing.writeInteger(UInt32(3) << 16 | UInt32(transfer.number(ofBlock: block)))
                let offset = (block - 1) * Int64(blockSize)
                try source.append(transfer.byteCount(ofBlock: block), at: offset, to: &outgoing)
            }
            write(outgoing, context, to: remote, segment: part > 1 ? segment : nil)
            index += part
        }
    }
}
