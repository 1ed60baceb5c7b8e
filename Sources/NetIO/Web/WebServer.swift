// A web server that only shows: GET and HEAD, no bodies taken, connections bounded in number and time.
// What a page says is somebody else's decision.

import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix

/// What a browser asks for.
public struct WebRequest: Sendable {
    /// The name in the `Host` header without its port, small letters; empty where there is none.
    public let host: String
    /// The path, percent signs resolved; begins with a slash.
    public let path: String
    /// What stands behind the question mark, as it was written.
    public let query: String
}

/// What a browser gets.
public struct WebResponse: Sendable {
    /// The status, such as 200 or 404.
    public var status: Int
    /// The type of the contents.
    public var contentType: String
    /// The contents.
    public var body: String

    /// Contents of a type.
    public init(status: Int = 200, contentType: String, body: String) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// A web server that runs until it is stopped.
public final class WebServer: Sendable {
    /// Connections at a time; own choice.
    public static let connectionLimit = 64
    /// Seconds after which a connection on which nothing happens is closed; own choice.
    static let idleSeconds: Int64 = 15
    /// The longest path and query that is looked at, in bytes; own choice.
    static let targetByteLimit = 2_048

    /// The port at which it listens.
    public let port: Int
    private let channel: any Channel

    /// Starts to listen.
    ///
    /// Port 0 takes any that is free; `answer` is called on the network's threads.
    /// Throws `NetworkError` where the port cannot be had.
    public init(
        address: String,
        port: Int,
        answer: @escaping @Sendable (WebRequest) -> WebResponse
    ) throws(NetworkError) {
        let open = NIOLockedValueBox(0)
        do {
            let place = try SocketAddress(ipAddress: address, port: port)
            channel = try ServerBootstrap(group: NetworkLoops.next())
                .serverChannelOption(.backlog, value: 64)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let isTooMany = open.withLockedValue { count in
                            count += 1
                            return count > Self.connectionLimit
                        }
                        channel.closeFuture.whenComplete { _ in open.withLockedValue { $0 -= 1 } }
                        guard !isTooMany else { return channel.close(promise: nil) }
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(
                            IdleStateHandler(allTimeout: .seconds(Self.idleSeconds))
                        )
                        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                        try pipeline.addHandler(WebHandler(answer))
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
}

private final class WebHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (WebRequest) -> WebResponse
    private var head: HTTPRequestHead?

    init(_ answer: @escaping @Sendable (WebRequest) -> WebResponse) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            guard head.method == .GET || head.method == .HEAD else {
                return respond(
                    context,
                    WebResponse(
                        status: 405,
                        contentType: "text/plain",
                        body: "read-only: GET and HEAD\n"
                    ),
                    closes: true
                )
            }
        case .body:
            // Nobody has anything to say to a page that only shows.
            context.close(promise: nil)
        case .end:
            guard let head, head.method == .GET || head.method == .HEAD else { return }
            let response = Self.request(head).map(answer)
            respond(
                context,
                response
                    ?? WebResponse(status: 400, contentType: "text/plain", body: "no such path\n"),
                closes: !head.isKeepAlive
            )
        }
    }

    private static func request(_ head: HTTPRequestHead) -> WebRequest? {
        guard head.uri.utf8.count <= WebServer.targetByteLimit, head.uri.hasPrefix("/") else {
            return nil
        }
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = resolved(parts[0]) else { return nil }
        var host = (head.headers.first(name: "host") ?? "").lowercased()
        if let colon = host.lastIndex(of: ":") { host = String(host[..<colon]) }
        return WebRequest(
            host: host,
            path: path,
            query: parts.count == 2 ? String(parts[1]) : ""
        )
    }

    /// A path without percent signs; nil where it is none or holds control characters.
    private static func resolved(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private func respond(
        _ context: ChannelHandlerContext,
        _ response: WebResponse,
        closes: Bool
    ) {
        var headers = HTTPHeaders()
        let body = context.channel.allocator.buffer(string: response.body)
        headers.add(name: "Content-Type", value: response.contentType)
        headers.add(name: "Content-Length", value: "\(body.readableBytes)")
        headers.add(name: "Cache-Control", value: "no-store")
        headers.add(name: "X-Content-Type-Options", value: "nosniff")
        // Nothing of a page needs a script, and no other page may hold it in a frame.
        headers.add(
            name: "Content-Security-Policy",
            value: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        )
        if response.status == 405 { headers.add(name: "Allow", value: "GET, HEAD") }
        if closes { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: response.status),
            headers: headers
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if self.head?.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if closes { bound.value.close(promise: nil) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// A value that one thread sets and others read.
public final class LatestValue<Value: Sendable>: Sendable {
    private let box: NIOLockedValueBox<Value>

    /// Begins with a value.
    public init(_ value: Value) { box = NIOLockedValueBox(value) }

    /// The value that was set last.
    public var value: Value {
        get { box.withLockedValue { $0 } }
        set { box.withLockedValue { $0 = newValue } }
    }
}
