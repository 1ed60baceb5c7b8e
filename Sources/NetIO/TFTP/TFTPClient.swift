// Fetching a file from a server and sending one to it. The call answers at once; the transfer goes on
// in a thread of the network and can be watched, waited for and stopped.

import NIOCore
public import PFSRuntime

/// A client's transfer under way.
public struct TFTPClient: Sendable {
    /// How far it is.
    public let status: TFTPStatus
    let channel: any Channel

    /// Begins to fetch `name` into the file at `path`.
    ///
    /// `port` is the server's, 0 to 65,535; at most `limitBytes` bytes are taken. Where `sha256` is
    /// given, 32 bytes, only a file with that digest gets its name. Throws `NetworkError` where the
    /// host or the file cannot be had; all later trouble is in the report.
    public static func get(
        _ name: String,
        from host: String,
        port: Int,
        to path: String,
        wishes: TFTPWishes,
        parameters: TFTPParameters = TFTPParameters(),
        limitBytes: Int64 = TFTPLimits().fileBytes,
        sha256: [UInt8]? = nil
    ) throws(NetworkError) -> TFTPClient {
        try get(
            name,
            from: host,
            port: port,
            to: path,
            wishes: wishes,
            parameters: parameters,
            limitBytes: limitBytes,
            sha256: sha256,
            source: nil,
            tap: nil
        )
    }

    /// The same from an address of this machine, with somebody who is told of every packet, each packet
    /// heard so many nanoseconds after it came.
    static func get(
        _ name: String,
        from host: String,
        port: Int,
        to path: String,
        wishes: TFTPWishes,
        parameters: TFTPParameters = TFTPParameters(),
        limitBytes: Int64,
        sha256: [UInt8]? = nil,
        source: String?,
        blockDelay: Int64 = 0,
        tap: TFTPTap?
    ) throws(NetworkError) -> TFTPClient {
        let remote = try TFTPSocket.resolve(host, port: port)
        let file: PendingFile
        do throws(FileError) {
            file = try PendingFile.at(path)
        } catch {
            throw .file(error)
        }
        let status = TFTPStatus(role: .gets, fileName: name, peer: remote.text, sizeBytes: nil)
        let transfer = TFTPTransfer.get(
            name,
            from: TFTPEndpoint(remote),
            wishes: wishes,
            parameters: parameters
        )
        let destination = TFTPDestination(file: file, limitBytes: limitBytes, sha256: sha256)
        let content = TFTPContent.receives(destination)
        var job = TFTPJob(transfer: transfer, remote: remote, content: content, status: status)
        job.tap = tap
        job.blockDelay = blockDelay
        return try begin(job, from: source)
    }

    /// Begins to send the file at `path` under the name `name`.
    ///
    /// Throws as `get`.
    public static func put(
        _ name: String,
        to host: String,
        port: Int,
        from path: String,
        wishes: TFTPWishes,
        parameters: TFTPParameters = TFTPParameters()
    ) throws(NetworkError) -> TFTPClient {
        let remote = try TFTPSocket.resolve(host, port: port)
        let file: OpenFile
        let size: Int64
        do {
            file = try OpenFile(path)
            size = try BlockSource.sizeOnWire(file, mode: wishes.mode)
        } catch let error as FileError {
            throw .file(error)
        } catch {
            throw .file(.other(path: path, reason: "\(error)"))
        }
        let status = TFTPStatus(role: .puts, fileName: name, peer: remote.text, sizeBytes: size)
        let transfer = TFTPTransfer.put(
            name,
            to: TFTPEndpoint(remote),
            sizeBytes: size,
            wishes: wishes,
            parameters: parameters
        )
        let content = TFTPContent.sends(file)
        return try begin(
            TFTPJob(transfer: transfer, remote: remote, content: content, status: status)
        )
    }

    /// Stops it; the server is told.
    public func stop() {
        let channel = channel
        channel.eventLoop.execute {
            let pipeline = channel.pipeline.syncOperations
            guard let context = try? pipeline.context(handlerType: TFTPTransferHandler.self),
                let handler = context.handler as? TFTPTransferHandler
            else { return }
            handler.stop(context)
        }
    }

    private static func begin(
        _ job: TFTPJob,
        from source: String? = nil
    ) throws(NetworkError) -> TFTPClient {
        let isSix = job.remote.protocol == .inet6
        do {
            let any = isSix ? "::" : "0.0.0.0"
            let local = try SocketAddress(ipAddress: source ?? any, port: 0)
            let loop = NetworkLoops.next()
            let channel = try TFTPSocket.open(job, on: loop, from: local).wait()
            return TFTPClient(status: job.status, channel: channel)
        } catch {
            throw .cannotBind("a port of this machine", reason: "\(error)")
        }
    }
}
