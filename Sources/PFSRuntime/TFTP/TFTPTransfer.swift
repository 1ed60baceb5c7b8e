// One transfer as a state machine without a socket, a file or a clock: the same for client and
// server, for the network and for tests in virtual time. The steps of the side that sends blocks are
// in TFTPSending.swift, those of the side that receives them in TFTPReceiving.swift.

/// A transfer of one file.
///
/// The contract, for whoever drives it:
/// 1. `now` never decreases and is the only clock.
/// 2. Hand in one input, then carry out all effects in their order, then hand in the next input.
/// 3. Effects are values; the transfer never touches bytes of files.
/// 4. The deadline is kept in the state. `wake` asks to be called at a time; a wake-up that comes
///    early or late is ignored, none is ever cancelled.
/// 5. After `close` every input is ignored.
public struct TFTPTransfer: Sendable {
    /// What the transfer is doing.
    public enum State: Hashable, Sendable {
        /// The request was sent, nothing came back.
        case asking(TFTPPacket, TFTPWishes)
        /// Blocks are sent.
        case sending(Sending)
        /// Blocks are received.
        case receiving(Receiving)
        /// Every block has come; the last acknowledgement is repeated when asked for.
        case lingering(Receiving, until: Instant)
        /// Over.
        case ended
    }

    /// Which side of which transfer this is.
    public enum Role: BitwiseCopyable, Hashable, Sendable, CaseIterable {
        /// A client that reads a file from a server.
        case gets
        /// A client that writes a file to a server.
        case puts
        /// A server that is read from.
        case servesRead
        /// A server that is written to.
        case servesWrite

        /// Whether this side sends the blocks.
        public var sendsBlocks: Bool { self == .puts || self == .servesRead }
    }

    /// Which side this is.
    public let role: Role
    /// What it is doing.
    public internal(set) var state: State
    /// What was agreed; the terms of RFC 1350 until then.
    public internal(set) var terms: TFTPTerms
    /// The other side; nil while a client has no answer.
    public internal(set) var peer: TFTPEndpoint?
    /// Bytes of blocks sent and acknowledged, or received in order.
    public internal(set) var transferredBytes: Int64 = 0
    /// Packets that were sent again because nothing came.
    public internal(set) var repetitions: Int64 = 0
    /// Packets from strangers.
    public internal(set) var strangers: Int64 = 0
    let parameters: TFTPParameters
    /// A client's server; its port is not looked at, as answers come from another one.
    let server: TFTPEndpoint?
    /// The size of the file that this side sends, in bytes; 0 where it receives.
    public let sizeBytes: Int64
    /// How block numbers go on; a receiver learns it from the peer.
    var rollOver: TFTPRollOver
    var deadline = Instant.never
    /// The earliest wake-up asked for and not yet come.
    var scheduledWake = Instant.never
    var startedAt = Instant.zero
    /// When something useful last came.
    var progressAt = Instant.zero
    /// Repetitions since then.
    var attempts = 0
    /// How often the wait has been doubled since a round trip was last measured.
    var backOff = 0
    var roundTrip = TFTPRoundTrip()

    /// A client's transfer: reads `fileName` from a server.
    ///
    /// Where `server` is given, answers of other addresses are strangers'; its port is not looked at.
    public static func get(
        _ fileName: String,
        from server: TFTPEndpoint? = nil,
        wishes: TFTPWishes,
        parameters: TFTPParameters = TFTPParameters()
    ) -> TFTPTransfer {
        var wishes = wishes
        if !wishes.options.isEmpty, wishes.transferSize == nil { wishes.transferSize = 0 }
        let request = TFTPRequest(fileName: fileName, mode: wishes.mode, options: wishes.options)
        let state = State.asking(.readRequest(request), wishes)
        return TFTPTransfer(.gets, state, parameters, server: server)
    }

    /// A client's transfer: writes a file of `sizeBytes` bytes, after conversion if the mode has one,
    /// to a server.
    ///
    /// `server` as for `get`.
    public static func put(
        _ fileName: String,
        to server: TFTPEndpoint? = nil,
        sizeBytes: Int64,
        wishes: TFTPWishes,
        parameters: TFTPParameters = TFTPParameters()
    ) -> TFTPTransfer {
        var wishes = wishes
        if !wishes.options.isEmpty { wishes.transferSize = sizeBytes }
        let request = TFTPRequest(fileName: fileName, mode: wishes.mode, options: wishes.options)
        let state = State.asking(.writeRequest(request), wishes)
        return TFTPTransfer(.puts, state, parameters, sizeBytes: sizeBytes, server: server)
    }

    /// A server's transfer of a file of `sizeBytes` bytes to `peer`; the terms come from `TFTPLimits`.
    public static func serveRead(
        to peer: TFTPEndpoint,
        sizeBytes: Int64,
        terms: TFTPTerms,
        acknowledged: [TFTPOption],
        parameters: TFTPParameters = TFTPParameters()
    ) -> TFTPTransfer {
        let sending = Sending(
            opening: acknowledged.isEmpty ? nil : .optionAcknowledgement(acknowledged),
            sizeBytes: sizeBytes,
            blockSize: terms.blockSize
        )
        var transfer = TFTPTransfer(
            .servesRead,
            .sending(sending),
            parameters,
            sizeBytes: sizeBytes
        )
        transfer.take(terms)
        transfer.peer = peer
        return transfer
    }

    /// A server's transfer of a file from `peer`; the terms come from `TFTPLimits`.
    public static func serveWrite(
        from peer: TFTPEndpoint,
        terms: TFTPTerms,
        acknowledged: [TFTPOption],
        parameters: TFTPParameters = TFTPParameters()
    ) -> TFTPTransfer {
        let opening: TFTPPacket =
            acknowledged.isEmpty ? .acknowledgement(block: 0) : .optionAcknowledgement(acknowledged)
        var transfer = TFTPTransfer(
            .servesWrite,
            .receiving(Receiving(opening: opening)),
            parameters
        )
        transfer.take(terms)
        transfer.peer = peer
        return transfer
    }

    private init(
        _ role: Role,
        _ state: State,
        _ parameters: TFTPParameters,
        sizeBytes: Int64 = 0,
        server: TFTPEndpoint? = nil
    ) {
        self.role = role
        self.server = server
        self.state = state
        self.parameters = parameters
        self.sizeBytes = sizeBytes
        rollOver = parameters.rollOver
        terms = TFTPTerms()
        if case .asking(_, let wishes) = state { terms.mode = wishes.mode }
    }

    private mutating func take(_ agreed: TFTPTerms) {
        terms = agreed
        rollOver = agreed.rollOver ?? rollOver
    }

    /// Whether it is over.
    public var isOver: Bool { state == .ended }

    /// The number on the wire of the block with `index`, 1 for the first; 0 is the opening.
    public func number(ofBlock index: Int64) -> UInt16 {
        switch rollOver {
        case .zero: UInt16(truncatingIfNeeded: index)
        case .one: index == 0 ? 0 : UInt16((index - 1) % 65_535 + 1)
        }
    }

    /// Begins: a client sends its request, a server its first answer.
    ///
    /// Comes before all inputs, once.
    public mutating func start(now: Instant, into effects: inout TFTPEffects) {
        startedAt = now
        progressAt = now
        switch state {
        case .asking(let request, _): effects.emit(.send(request))
        case .sending(var sending):
            effects.emit(.agreed(terms))
            if let opening = sending.opening {
                effects.emit(.send(opening))
            } else {
                sendWindow(&sending, now, &effects)
            }
            sending.sentAt = now
            state = .sending(sending)
        case .receiving(let receiving):
            effects.emit(.agreed(terms))
            effects.emit(.send(receiving.opening))
        case .lingering, .ended: preconditionFailure("start comes once: \(state)")
        }
        waitForAnswer(now, &effects)
    }

    /// Takes one input; the effects are to be carried out before the next.
    public mutating func handle(
        _ input: TFTPInput,
        now: Instant,
        into effects: inout TFTPEffects
    ) -> TFTPVerdict {
        if state == .ended { return .unexpectedHere }
        switch input {
        case .heard(let signal, let endpoint): return hear(signal, endpoint, now, &effects)
        case .wake: return wake(now, &effects)
        case .storageFailed(let message):
            // After the last block too: its bytes, or the file's name, could not be kept.
            effects.emit(.send(.error(message)))
            effects.emit(.failed(.storage(message)))
            close(&effects)
        case .stop:
            let message = TFTPErrorMessage(.notDefined, "the transfer was stopped")
            fail(.stopped, telling: message, &effects)
        }
        return .handled
    }

    private mutating func hear(
        _ signal: TFTPSignal,
        _ endpoint: TFTPEndpoint,
        _ now: Instant,
        _ effects: inout TFTPEffects
    ) -> TFTPVerdict {
        let isStranger =
            peer.map { $0 != endpoint }
            ?? server.map { $0.high != endpoint.high || $0.low != endpoint.low } ?? false
        if isStranger {
            strangers += 1
            // An error is never answered by an error.
            if case .error = signal { return .stranger }
            effects.emit(.refuse(endpoint))
            return .stranger
        }
        switch state {
        case .asking(_, let wishes): return hearAnswer(signal, endpoint, wishes, now, &effects)
        case .sending(let sending): return hear(signal, sending, now, &effects)
        case .receiving(let receiving): return hear(signal, receiving, now, &effects)
        case .lingering(var receiving, let until):
            guard case .data(let block, _) = signal,
                block == number(ofBlock: receiving.next - 1),
                now - receiving.acknowledgedAt >= quiet
            else { return .outOfOrder }
            receiving.acknowledgedAt = now
            state = .lingering(receiving, until: until)
            effects.emit(.acknowledge(block))
            return .handled
        case .ended: return .unexpectedHere
        }
    }

    /// The first answer to a client fixes the server's port.
    private mutating func hearAnswer(
        _ signal: TFTPSignal,
        _ endpoint: TFTPEndpoint,
        _ wishes: TFTPWishes,
        _ now: Instant,
        _ effects: inout TFTPEffects
    ) -> TFTPVerdict {
        switch (signal, role) {
        case (.error(let message), _) where message.code == .optionRefused:
            return askPlainly(wishes, message, now, &effects)
        case (.error(let message), _):
            fail(.refused(message), telling: nil, &effects)
            return .handled
        case (.optionAcknowledgement(let options), _):
            peer = endpoint
            do throws(TFTPErrorMessage) {
                take(try wishes.terms(acknowledged: options))
            } catch {
                fail(.protocolBroken(error.text), telling: error, &effects)
                return .handled
            }
        case (.data(let block, _), .gets) where block == 1: peer = endpoint
        case (.acknowledgement(let block), .puts) where block == 0: peer = endpoint
        default: return .unexpectedHere
        }
        measure(since: progressAt, now)
        noteProgress(now)
        effects.emit(.agreed(terms))
        if role == .puts {
            var sending = Sending(opening: nil, sizeBytes: sizeBytes, blockSize: terms.blockSize)
            sendWindow(&sending, now, &effects)
            state = .sending(sending)
            waitForAnswer(now, &effects)
            return .handled
        }
        var receiving = Receiving(opening: .acknowledgement(block: 0))
        if case .data = signal {
            state = .receiving(receiving)
            return hear(signal, receiving, now, &effects)
        }
        receiving.acknowledgedAt = now
        state = .receiving(receiving)
        effects.emit(.acknowledge(0))
        waitForAnswer(now, &effects)
        return .handled
    }

    /// The server takes none of the options: the same request without them (RFC 2347, "the client may
    /// choose to re-send").
    private mutating func askPlainly(
        _ wishes: TFTPWishes,
        _ message: TFTPErrorMessage,
        _ now: Instant,
        _ effects: inout TFTPEffects
    ) -> TFTPVerdict {
        guard case .asking(let packet, _) = state, let plain = packet.withoutOptions else {
            fail(.refused(message), telling: nil, &effects)
            return .handled
        }
        var rest = TFTPWishes()
        rest.mode = wishes.mode
        state = .asking(plain, rest)
        effects.emit(.send(plain))
        noteProgress(now)
        waitForAnswer(now, &effects)
        return .handled
    }
}

extension TFTPPacket {
    /// A request without its options; nil where there are none, and for all other packets.
    fileprivate var withoutOptions: TFTPPacket? {
        switch self {
        case .readRequest(var request) where !request.options.isEmpty:
            request.options = []
            return .readRequest(request)
        case .writeRequest(var request) where !request.options.isEmpty:
            request.options = []
            return .writeRequest(request)
        default: return nil
        }
    }
}
