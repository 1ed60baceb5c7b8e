// A TFTP server of one directory. One socket takes requests; every transfer has a socket of its own,
// as the protocol wants it, on one of the network's threads.

import Glibc
import NIOCore
import NIOPosix
public import PFSRuntime

/// What a server does.
public struct TFTPServerConfiguration: Sendable {
    /// The directory served, as the user wrote it.
    public var directory: String
    /// The address to listen at; `0.0.0.0` for all of this machine.
    public var address = "0.0.0.0"
    /// The port; 0 for any that is free.
    ///
    /// 69 is the standard one (RFC 1350).
    public var port = 69
    /// Whether clients may write files, and replace those that are there.
    public var isWritable = false
    /// Transfers at a time, 1 to 10,000; further requests get an error.
    ///
    /// The counterpart of CUCM's Maximum Serving Count.
    public var maximumServing = 500
    /// What is agreed to at most.
    public var limits = TFTPLimits()
    /// The times of its transfers.
    public var parameters = TFTPParameters()

    /// A server of `directory` that is only read from.
    public init(directory: String) { self.directory = directory }
}

/// A server that runs until it is stopped.
public final class TFTPServer: Sendable {
    /// The largest `maximumServing`; own choice, each takes two file descriptors.
    public static let servingLimit = 10_000
    /// How many ended transfers are remembered; own choice.
    public static let rememberedTransfers = 200

    /// What it was told.
    public let configuration: TFTPServerConfiguration
    /// The port at which it listens.
    public let port: Int
    private let channel: any Channel
    private let book: TFTPBook

    /// Starts to listen.
    ///
    /// Throws `NetworkError` where the directory or the port cannot be had.
    public init(_ configuration: TFTPServerConfiguration) throws(NetworkError) {
        self.configuration = configuration
        let directory: ConfinedDirectory
        do throws(FileError) {
            directory = try ConfinedDirectory(configuration.directory)
        } catch {
            throw .file(error)
        }
        Self.raiseDescriptorLimit(configuration.maximumServing)
        let book = TFTPBook(limit: configuration.maximumServing)
        self.book = book
        let place = "\(configuration.address):\(configuration.port)"
        do {
            let address = try SocketAddress(
                ipAddress: configuration.address,
                port: configuration.port
            )
            let loop = NetworkLoops.next()
            channel = try TFTPSocket.bootstrap(on: loop)
                .channelOption(.maxMessagesPerRead, value: 16)
                .channelOption(.receivePacketInfo, value: true)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = TFTPRequestHandler(configuration, directory, book)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .bind(to: address)
                .wait()
            port = channel.localAddress?.port ?? configuration.port
        } catch let error as IOError {
            throw .cannotBind(place, reason: String(cString: strerror(error.errnoCode)))
        } catch {
            throw .cannotBind(place, reason: "\(error)")
        }
    }

    /// Stops to listen and ends all transfers; the clients are told.
    public func stop() {
        try? channel.close().wait()
        for transfer in book.close() { transfer.stop() }
    }

    /// The transfers that run, then those that ended last, the latest first.
    public var reports: [TFTPReport] { book.reports }

    /// Requests that were refused because too many transfers ran.
    public var refusedCount: Int { book.refusedCount }

    /// A transfer takes a socket and a file.
    private static func raiseDescriptorLimit(_ transfers: Int) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = min(limit.rlim_max, rlim_t(transfers) * 3 + 128)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = wanted
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
