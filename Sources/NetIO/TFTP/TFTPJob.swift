// A transfer before it has a socket: what it moves, whither, and who is told. And a datagram as the state
// machine hears it.

import NIOCore
import PFSRuntime

/// What a transfer moves.
enum TFTPContent: Sendable {
    case sends(OpenFile)
    case receives(TFTPDestination)
}

/// Where received bytes go.
struct TFTPDestination: Sendable {
    let file: PendingFile
    /// The most bytes that are taken.
    let limitBytes: Int64
    /// The digest that they must have, 32 bytes; nil where it is not known.
    var sha256: [UInt8]?
}

/// A transfer that is to begin as soon as it has a socket.
struct TFTPJob: Sendable {
    var transfer: TFTPTransfer
    /// Where the first packet goes: the server's port, or the client.
    var remote: SocketAddress
    var content: TFTPContent
    var status: TFTPStatus
    /// Who is told of every packet; nobody if nil.
    var tap: TFTPTap?
    /// How much later than it came each packet is heard, in nanoseconds.
    var blockDelay: Int64 = 0
}

/// Is told of a packet of a transfer: whether it was sent, the own port, the other end, its bytes.
typealias TFTPTap =
    @Sendable (
        _ isSent: Bool, _ port: Int, _ remote: SocketAddress, _ packet: ByteBuffer
    ) -> Void

extension TFTPSignal {
    /// The signal of a datagram; the bytes of a block stay where they are.
    init(_ packet: ByteBuffer) {
        let start = packet.readerIndex
        if packet.readableBytes >= 4, let header: UInt32 = packet.getInteger(at: start) {
            let number = UInt16(truncatingIfNeeded: header)
            switch header >> 16 {
            case 3:
                let count = packet.readableBytes - TFTPPacket.dataHeaderBytes
                self = .data(block: number, count: count)
                return
            case 4 where packet.readableBytes == 4:
                self = .acknowledgement(block: number)
                return
            default: break
            }
        }
        do throws(TFTPPacketError) {
            self.init(try TFTPPacket(parsing: packet.readableBytesView))
        } catch {
            self = .foreign
        }
    }
}
