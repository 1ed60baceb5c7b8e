// One TCP link between two phones, about one file: frames in, frames out. What comes is never trusted: a
// frame that cannot be, or a file that was not asked for, closes the link.

import NIOCore
import NIOPosix
import PFSRuntime

/// What a link tells the phone that it belongs to.
protocol PeerLinkOwner: AnyObject {
    /// A message came.
    func link(_ link: PeerLink, received message: WirePeerMessage)
    /// A parent begins to send the file; nil refuses it, and the link closes.
    func link(_ link: PeerLink, begins header: WireFileHeader) -> IncomingFile?
    /// Bytes of the file came.
    func linkProgressed(_ link: PeerLink, _ file: IncomingFile)
    /// The file is whole.
    func link(_ link: PeerLink, completed file: IncomingFile)
    /// The disk did not take what came.
    func link(_ link: PeerLink, failed error: StoreError)
    /// The link is closed.
    func linkClosed(_ link: PeerLink)
    /// Whether files go on.
    var sends: Bool { get }
    /// Whether somebody captures.
    var isSeen: Bool { get }
    /// Something was said over the link, or heard.
    func link(_ link: PeerLink, saw content: SeenTraffic.Content, isOutgoing: Bool)
}

/// A link; confined to its event loop.
final class PeerLink: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = IOData

    /// The other phone's address on the network.
    let remote: IPv4Address
    /// Whether this phone opened it: then the other is, or may become, its parent.
    let isOutgoing: Bool
    /// The file that the link is about; of a link from elsewhere known with its first message.
    var fileName: String?
    /// Whether this side closes it, so that nobody is told of a loss.
    private(set) var isClosing = false
    /// When something came last.
    private(set) var heardAt = NIODeadline.now()
    private weak var owner: (any PeerLinkOwner)?
    private var context: ChannelHandlerContext?
    private var waiting: [WirePeerMessage] = []
    private var pending = ByteBuffer()
    private var pieceBytesLeft = 0
    private var incoming: IncomingFile?
    private var upload: (file: StoredFile, offset: Int64, isWrong: Bool)?
    private var piecesUnderWay = 0
    private var secondBegan = NIODeadline.now()
    private var messagesOfSecond = 0

    init(_ owner: any PeerLinkOwner, remote: IPv4Address, isOutgoing: Bool, fileName: String?) {
        self.owner = owner
        self.remote = remote
        self.isOutgoing = isOutgoing
        self.fileName = fileName
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) { begin(context) }

    private func begin(_ context: ChannelHandlerContext) {
        guard self.context == nil else { return }
        self.context = context
        heardAt = .now()
        // Whoever opens a connection notes that; a stranger's is noted here.
        if isSeen { owner?.link(self, saw: .opened, isOutgoing: isOutgoing) }
        let messages = waiting
        waiting = []
        for message in messages { send(message) }
        if isClosing { context.close(promise: nil) }
    }

    // MARK: Out

    /// Sends a message, or keeps it until the link is open.
    func send(_ message: WirePeerMessage) {
        guard let context else {
            if waiting.count < NetworkBounds.messagesPerSecond { waiting.append(message) }
            return
        }
        let bytes = message.bytes()
        if isSeen { owner?.link(self, saw: .data(bytes, byteCount: bytes.count), isOutgoing: true) }
        let buffer = context.channel.allocator.buffer(bytes: bytes)
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(buffer)), promise: nil)
    }

    private var isSeen: Bool { owner?.isSeen ?? false }

    /// Begins to send a whole file, unless it is on its way; or as many bytes that are not its.
    func send(_ file: StoredFile, _ header: WireFileHeader, isWrong: Bool) {
        guard let context, upload == nil else { return }
        let bytes = header.bytes()
        if isSeen { owner?.link(self, saw: .data(bytes, byteCount: bytes.count), isOutgoing: true) }
        let buffer = context.channel.allocator.buffer(bytes: bytes)
        context.write(wrapOutboundOut(.byteBuffer(buffer)), promise: nil)
        upload = (file, 0, isWrong)
        sendPieces(context)
        context.flush()
    }

    /// Sends no more of the file.
    func endUpload() { upload = nil }

    /// Goes on with a file that stood still.
    func goOn() {
        guard let context, upload != nil else { return }
        sendPieces(context)
        context.flush()
    }

    /// The link was not listened to, which is nobody's silence.
    func countSilenceAnew() { heardAt = .now() }

    /// Pieces that are handed to the socket before the first of them is out, so that it never waits for the
    /// next one (own choice).
    private static let piecesAhead = 2

    private func sendPieces(_ context: ChannelHandlerContext) {
        while piecesUnderWay < Self.piecesAhead, sendPiece(context) {}
    }

    /// Hands one piece to the socket; false when there is none left.
    private func sendPiece(_ context: ChannelHandlerContext) -> Bool {
        guard let (file, offset, isWrong) = upload, owner?.sends ?? false else { return false }
        let count = Int(min(Int64(WirePiece.byteLimit), file.sizeBytes - offset))
        guard count > 0 else {
            upload = nil
            return false
        }
        upload = (file, offset + Int64(count), isWrong)
        piecesUnderWay += 1
        let bytes = WirePiece.header(count: count)
        if isSeen {
            let content = SeenTraffic.Content.data(bytes, byteCount: bytes.count + count)
            owner?.link(self, saw: content, isOutgoing: true)
        }
        let header = context.channel.allocator.buffer(bytes: bytes)
        context.write(wrapOutboundOut(.byteBuffer(header)), promise: nil)
        guard !isWrong else {
            send(wrong: count, context)
            return true
        }
        // The file stays open for as long as a piece of it is on its way.
        let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: file.descriptor)
        let region = FileRegion(
            fileHandle: handle,
            readerIndex: Int(offset),
            endIndex: Int(offset) + count
        )
        let sent = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((self, file, handle), eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { result in
            let (link, _, handle) = bound.value
            _ = try? handle.takeDescriptorOwnership()
            link.pieceSent(result)
        }
        context.write(wrapOutboundOut(.fileRegion(region)), promise: sent)
        return true
    }

    /// Sends a piece of bytes that are no file's.
    private func send(wrong count: Int, _ context: ChannelHandlerContext) {
        let bytes = ByteBuffer(repeating: 0x55, count: count)
        let sent = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { result in
            bound.value.pieceSent(result)
        }
        context.write(wrapOutboundOut(.byteBuffer(bytes)), promise: sent)
    }

    private func pieceSent(_ result: Result<Void, any Error>) {
        piecesUnderWay -= 1
        guard case .success = result, let context else { return }
        sendPieces(context)
        context.flush()
    }

    /// Closes the link when what was said on it is out.
    func close() {
        guard !isClosing else { return }
        isClosing = true
        upload = nil
        guard let context else { return }
        if isSeen { owner?.link(self, saw: .closed, isOutgoing: true) }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.close(promise: nil) }
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        heardAt = .now()
        var bytes = unwrapInboundIn(data)
        if isSeen {
            let kept = Array(bytes.readableBytesView.prefix(TrafficTap.keptBytes))
            let content = SeenTraffic.Content.data(kept, byteCount: bytes.readableBytes)
            owner?.link(self, saw: content, isOutgoing: false)
        }
        // Usually nothing is left over, and what came need not be copied.
        if pending.readableBytes == 0 { pending = bytes } else { pending.writeBuffer(&bytes) }
        defer { keepRest() }
        do {
            while try takeNext() {}
        } catch let error as StoreError {
            owner?.link(self, failed: error)
            context.close(promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    /// Keeps the beginning of a frame, at most a message, and lets go of the buffer that it came in.
    private func keepRest() {
        let isEmpty = isClosing || pending.readableBytes == 0
        pending = isEmpty ? ByteBuffer() : ByteBuffer(bytes: pending.readableBytesView)
    }

    /// Takes one frame, or what there is of a piece; false when more has to come first.
    private func takeNext() throws -> Bool {
        guard pending.readableBytes > 0, !isClosing else { return false }
        if pieceBytesLeft > 0 { return try takePiece() }
        let beginning = pending.readableBytesView.prefix(WirePeerMessage.headerBytes)
        guard let length = try WireFrame.length(ofFrameBeginning: Array(beginning)),
            let bytes = pending.readBytes(length: length)
        else { return false }
        switch try WireFrame(parsing: bytes) {
        case .message(let message):
            try count()
            owner?.link(self, received: message)
        case .file(let header):
            try count()
            guard isOutgoing, incoming == nil, header.fileName == fileName,
                let file = owner?.link(self, begins: header)
            else { throw LinkRefusal.unwantedFile }
            incoming = file
            if file.isWhole { complete() }
        case .piece(byteCount: let count):
            guard let incoming, Int64(count) <= incoming.sizeBytes - incoming.receivedBytes else {
                throw LinkRefusal.unwantedFile
            }
            pieceBytesLeft = count
        }
        return true
    }

    private func takePiece() throws -> Bool {
        guard let incoming else { throw LinkRefusal.unwantedFile }
        let count = min(pieceBytesLeft, pending.readableBytes)
        try pending.withUnsafeReadableBytes { bytes in
            try incoming.append(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
        pending.moveReaderIndex(forwardBy: count)
        pieceBytesLeft -= count
        owner?.linkProgressed(self, incoming)
        if incoming.isWhole { complete() }
        return true
    }

    private func complete() {
        guard let file = incoming else { return }
        incoming = nil
        owner?.link(self, completed: file)
    }

    /// Counts a frame; too many in a second are no phone's.
    private func count() throws {
        let now = NIODeadline.now()
        if now - secondBegan > .seconds(1) {
            secondBegan = now
            messagesOfSecond = 0
        }
        messagesOfSecond += 1
        guard messagesOfSecond <= NetworkBounds.messagesPerSecond else {
            throw LinkRefusal.tooManyMessages
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        // What this side closes, it has said so before.
        if isSeen, !isClosing { owner?.link(self, saw: .closed, isOutgoing: false) }
        self.context = nil
        incoming = nil
        upload = nil
        owner?.linkClosed(self)
        owner = nil
    }
}

/// Why a link is closed besides bytes that are no frame.
enum LinkRefusal: Error {
    case unwantedFile
    case tooManyMessages
}
