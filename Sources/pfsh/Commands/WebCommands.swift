// The phones' own web pages, on the real network: what a browser shows is the world as it stood when the
// last command ended.

import Interpreter
import NetIO
import PFSRuntime

enum WebCommands {
    static let all = [serve]

    static let serve = Command<ShellHost>(
        "web serve",
        group: TFTPCommands.group,
        summary: "Show the web pages of phones to browsers until the shell ends.",
        discussion:
            "Each phone has Device Information, Network Configuration with its Peer Firmware "
            + "Sharing row, and its console log, as HTML and as XML, at the paths of real phones: "
            + "below `/NAME`, or at the host `NAME.localhost`. Read-only. The pages show the world "
            + "as it was when the last command ended. See docs/web-page.md.",
        .argument("port", default: 8_080, shownAs: "8080", help: "0 to 65535; 0 takes any"),
        .option(
            "address",
            kind: .word("ADDRESS", phrase: "an address of this machine"),
            default: "127.0.0.1",
            shownAs: "127.0.0.1",
            help: "where to listen; `0.0.0.0` for all of this machine"
        ),
        examples: [Example("web serve 0")]
    ) { (host: inout ShellHost, port: Int, address: String) throws(Diagnostic) -> Output in
        guard host.network.web == nil else {
            throw Diagnostic("pages are shown already", hints: ["`no web serve` ends that"])
        }
        guard (0...65_535).contains(port) else {
            throw Diagnostic("a port is 0 to 65535, not \(port)")
        }
        do throws(NetworkError) {
            let web = try PhoneWeb(host.world, address: address, port: port)
            host.network.web = web
            return .lines(["http://\(address):\(web.server.port)/"])
        } catch {
            throw Diagnostic(error.description, kind: .outside)
        }
    }.undone(
        by: Command<ShellHost>(
            "web serve",
            group: TFTPCommands.group,
            summary: "Show no more web pages.",
            examples: [Example("no web serve", setup: ["web serve 0"])]
        ) { (host: inout ShellHost) throws(Diagnostic) -> Output in
            guard let web = host.network.web else { throw Diagnostic("no pages are shown") }
            web.server.stop()
            host.network.web = nil
            return .none
        }
    )
}

/// The web server of a session, and the pages that it shows.
final class PhoneWeb {
    let server: WebServer
    private let pages: LatestValue<PhonePages>

    /// Throws `NetworkError`.
    init(_ world: World, address: String, port: Int) throws(NetworkError) {
        let pages = LatestValue(PhonePages(world))
        self.pages = pages
        server = try WebServer(address: address, port: port) { request in
            pages.value.answer(request)
        }
    }

    deinit { server.stop() }

    /// Shows the world as it is now.
    func show(_ world: World) { pages.value = PhonePages(world) }
}
