// A transfer by timetable: hand in a packet at a time, expect what it does. The timetable hands in the
// wake-ups that the transfer asks for, as a driver does.

import Testing

@testable import PFSRuntime

final class TransferTimetable {
    /// The port at which a server takes requests, those from which peers answer, and a stranger's.
    static let server = TFTPEndpoint(low: 0x0A04_0001, port: 69)
    static let peer = TFTPEndpoint(low: 0x0A04_0001, port: 2_000)
    static let stranger = TFTPEndpoint(low: 0x0A04_0009, port: 3_000)

    var transfer: TFTPTransfer
    private var effects = TFTPEffects()
    private var wakes: [Instant] = []
    private(set) var now = Instant(nanoseconds: 5_000_000_000)
    private let beginning = Instant(nanoseconds: 5_000_000_000)
    private var done: [String] = []
    private var isSilent = false

    init(_ transfer: TFTPTransfer) {
        self.transfer = transfer
        self.transfer.start(now: now, into: &effects)
        collect()
    }

    static func get(
        _ wishes: TFTPWishes = TFTPWishes(),
        parameters: TFTPParameters = TFTPParameters()
    ) -> TransferTimetable {
        TransferTimetable(.get("f", from: server, wishes: wishes, parameters: parameters))
    }

    static func put(
        _ sizeBytes: Int64,
        _ wishes: TFTPWishes = TFTPWishes(),
        parameters: TFTPParameters = TFTPParameters()
    ) -> TransferTimetable {
        TransferTimetable(
            .put("f", to: server, sizeBytes: sizeBytes, wishes: wishes, parameters: parameters)
        )
    }

    /// A server's transfer as the standard limits make it of options.
    static func serve(
        read sizeBytes: Int64,
        _ options: [TFTPOption] = [],
        parameters: TFTPParameters = TFTPParameters()
    ) -> TransferTimetable {
        let request = TFTPRequest(fileName: "f", mode: .octet, options: options)
        let (terms, taken) = TFTPLimits().terms(for: request, fileSize: sizeBytes)
        return TransferTimetable(
            .serveRead(
                to: peer,
                sizeBytes: sizeBytes,
                terms: terms,
                acknowledged: taken,
                parameters: parameters
            )
        )
    }

    static func serveWrite(
        _ options: [TFTPOption] = [],
        parameters: TFTPParameters = TFTPParameters()
    ) -> TransferTimetable {
        let request = TFTPRequest(fileName: "f", mode: .octet, options: options)
        let (terms, taken) = TFTPLimits().terms(for: request, fileSize: nil)
        return TransferTimetable(
            .serveWrite(from: peer, terms: terms, acknowledged: taken, parameters: parameters)
        )
    }

    /// Lets time pass to so many milliseconds after the start.
    func at(_ milliseconds: Int64) {
        let end = beginning + .milliseconds(milliseconds)
        while let wake = wakes.min(), wake <= end {
            wakes.removeAll { $0 == wake }
            now = max(now, wake)
            _ = transfer.handle(.wake, now: now, into: &effects)
            collect()
        }
        now = max(now, end)
    }

    @discardableResult
    func give(_ input: TFTPInput) -> TFTPVerdict {
        let verdict = transfer.handle(input, now: now, into: &effects)
        collect()
        return verdict
    }

    @discardableResult
    func hear(_ signal: TFTPSignal, from endpoint: TFTPEndpoint = peer) -> TFTPVerdict {
        give(.heard(signal, from: endpoint))
    }

    @discardableResult
    func data(_ block: UInt16, _ count: Int = 512) -> TFTPVerdict {
        hear(.data(block: block, count: count))
    }

    @discardableResult
    func ack(_ block: UInt16) -> TFTPVerdict { hear(.acknowledgement(block: block)) }

    func oack(_ options: [TFTPOption]) { hear(.optionAcknowledgement(options)) }

    /// Does what need not be looked at, and is soon done with it.
    func silently(_ body: (TransferTimetable) -> Void) {
        isSilent = true
        body(self)
        isSilent = false
        done.removeAll()
    }

    /// What was done since the last look.
    func taken() -> [String] {
        defer { done.removeAll() }
        return done
    }

    func expect(_ lines: String..., at location: SourceLocation = #_sourceLocation) {
        #expect(taken() == lines, sourceLocation: location)
    }

    private func collect() {
        for effect in effects.list {
            if case .wake(let instant) = effect {
                #expect(instant >= now, "a wake-up in the past")
                wakes.append(instant)
            } else if !isSilent {
                done.append(Self.text(effect))
            }
        }
        effects.removeAll()
    }

    private static func text(_ effect: TFTPEffect) -> String {
        switch effect {
        case .send(let packet): text(packet)
        case .acknowledge(let block): "ack \(block)"
        case .sendBlocks(let first, let count):
            count == 1 ? "block \(first)" : "blocks \(first)-\(first + Int64(count) - 1)"
        case .keep: "keep"
        case .refuse(let endpoint): "refuse \(endpoint.port)"
        case .agreed(let terms): "agreed \(terms.blockSize)/\(terms.windowSize)"
        case .wake: "wake"
        case .complete: "complete"
        case .failed(let failure): "failed: \(failure)"
        case .close: "close"
        }
    }

    private static func text(_ packet: TFTPPacket) -> String {
        switch packet {
        case .readRequest(let request): "rrq " + text(request.options)
        case .writeRequest(let request): "wrq " + text(request.options)
        case .data(let block, let payload): "data \(block) \(payload.count)"
        case .acknowledgement(let block): "ack \(block)"
        case .error(let message): "\(message)"
        case .optionAcknowledgement(let options): "oack " + text(options)
        }
    }

    private static func text(_ options: [TFTPOption]) -> String {
        options.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    }
}

extension TFTPWishes {
    init(
        blockSize: Int? = nil,
        windowSize: Int? = nil,
        timeoutSeconds: Int? = nil,
        transferSize: Int64? = nil,
        rollOver: TFTPRollOver? = nil
    ) {
        self.init()
        self.blockSize = blockSize
        self.windowSize = windowSize
        self.timeoutSeconds = timeoutSeconds
        self.transferSize = transferSize
        self.rollOver = rollOver
    }
}
