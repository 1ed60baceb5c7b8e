// Log lines of others by UDP: taken as they come, kept in a bounded book that the shell reads.

import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
public import PFSRuntime

/// A line that came.
public struct ReceivedLine: Sendable {
    /// Counts the lines that came, from 1.
    public let number: Int
    /// Seconds and milliseconds of the real clock, as time of day in UTC.
    public let time: TimeOfDay
    /// Who sent it: address and port.
    public let sender: String
    /// The line.
    public let message: SyslogMessage
}

/// A socket that takes log lines until it is stopped.
public final class SyslogReceiver: Sendable {
    /// The most lines that are remembered; own choice.
    public static let lineLimit = 10_000
    /// The most lines that are taken in a second; own choice, so that a flood costs little.
    public static let linesPerSecond = 5_000

    /// The port at which it listens.
    public let port: Int
    private let channel: any Channel
    private let book: SyslogBook

    /// Starts to listen at `address`; port 0 takes any that is free.
    ///
    /// Throws `NetworkError` where the port cannot be had.
    public init(address: String, port: Int) throws(NetworkError) {
        let book = SyslogBook()
        self.book = book
        do {
            let place = try SocketAddress(ipAddress: address, port: port)
            let allocator = FixedSizeRecvByteBufferAllocator(
                capacity: SyslogMessage.byteLimit + 1
            )
            channel = try DatagramBootstrap(group: NetworkLoops.next())
                .channelOption(.recvAllocator, value: allocator)
                .channelOption(.maxMessagesPerRead, value: 16)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(SyslogHandler(book))
                    }
                }
                .bind(to: place)
                .wait()
            self.port = channel.localAddress?.port ?? port
        } catch let error as IOError {
            throw .cannotBind(
                "\(address):\(port)",
                reason: String(cString: strerror(error.errnoCode))
            )
        } catch {
            throw .cannotBind("\(address):\(port)", reason: "\(error)")
        }
    }

    /// Stops to listen.
    public func stop() { try? channel.close().wait() }

    /// The lines that are remembered and have a higher number, oldest first.
    public func lines(after number: Int = 0) -> [ReceivedLine] { book.lines(after: number) }

    /// Lines that were not taken because too many came in a second.
    public var droppedCount: Int { book.droppedCount }
}

/// Kept under a lock: the network's thread writes it, the shell reads it.
private final class SyslogBook: Sendable {
    private struct Pages {
        var lines: [ReceivedLine] = []
        /// Where the oldest stands once the book is full.
        var start = 0
        var count = 0
        var dropped = 0
        var second = 0
        var inSecond = 0
    }

    private let pages = NIOLockedValueBox(Pages())

    func take(_ bytes: ByteBufferView, from sender: SocketAddress) {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let second = now.tv_sec
        let mayTake = pages.withLockedValue { pages in
            if pages.second != second {
                pages.second = second
                pages.inSecond = 0
            }
            pages.inSecond += 1
            guard pages.inSecond <= SyslogReceiver.linesPerSecond else {
                pages.dropped += 1
                return false
            }
            return true
        }
        guard mayTake else { return }
        let message = SyslogMessage(bytes)
        let time = TimeOfDay(microseconds: Int64(second) * 1_000_000 + Int64(now.tv_nsec) / 1_000)
        pages.withLockedValue { pages in
            pages.count += 1
            let line = ReceivedLine(
                number: pages.count,
                time: time,
                sender: sender.text,
                message: message
            )
            if pages.lines.count < SyslogReceiver.lineLimit {
                pages.lines.append(line)
            } else {
                pages.lines[pages.start] = line
                pages.start = (pages.start + 1) % pages.lines.count
            }
        }
    }

    func lines(after number: Int) -> [ReceivedLine] {
        pages.withLockedValue { pages in
            (pages.lines[pages.start...] + pages.lines[..<pages.start]).filter {
                $0.number > number
            }
        }
    }

    var droppedCount: Int { pages.withLockedValue { $0.dropped } }
}

private final class SyslogHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let book: SyslogBook

    init(_ book: SyslogBook) { self.book = book }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        book.take(envelope.data.readableBytesView, from: envelope.remoteAddress)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An ICMP error of somebody's; the socket goes on.
    }
}
