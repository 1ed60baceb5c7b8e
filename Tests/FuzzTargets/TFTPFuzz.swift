// TFTP: packets, and transfers whose peer does whatever the bytes say. The rules of the machine's
// contract are checked after each input.

import PFSRuntime

extension FuzzTarget {
    static func tftpPacket(_ bytes: [UInt8]) {
        do throws(TFTPPacketError) {
            let packet = try TFTPPacket(parsing: bytes)
            let again = try TFTPPacket(parsing: packet.bytes)
            precondition(again == packet, "\(packet) became \(again)")
            _ = TFTPSignal(packet)
            var request: TFTPRequest?
            if case .readRequest(let asked) = packet { request = asked }
            if case .writeRequest(let asked) = packet { request = asked }
            if let request { checkTerms(request) }
            if case .optionAcknowledgement(let options) = packet {
                var wishes = TFTPWishes()
                (wishes.blockSize, wishes.windowSize) = (1_428, 64)
                (wishes.timeoutSeconds, wishes.transferSize) = (5, 0)
                if let terms = try? wishes.terms(acknowledged: options) { check(terms) }
            }
        } catch {
            precondition((0...bytes.count).contains(error.offset), "\(error)")
            precondition(!error.description.isEmpty)
        }
    }

    private static func checkTerms(_ request: TFTPRequest) {
        for size in [nil, 0, Int64.max] as [Int64?] {
            let (terms, taken) = TFTPLimits().terms(for: request, fileSize: size)
            check(terms)
            precondition(taken.count <= request.options.count)
            let answer = TFTPPacket.optionAcknowledgement(taken).bytes
            precondition(answer.count <= TFTPPacket.controlByteLimit + 100)
        }
    }

    private static func check(_ terms: TFTPTerms) {
        precondition((8...65_464).contains(terms.blockSize))
        precondition((1...65_535).contains(terms.windowSize))
        precondition(terms.timeoutSeconds.map { (1...255).contains($0) } ?? true)
        precondition(terms.transferSize.map { $0 >= 0 } ?? true)
    }

    static func tftpTransfer(_ bytes: [UInt8]) {
        var source = FuzzBytes(bytes)
        var driver = TransferFuzzDriver(source.transfer(), blockSource: source.byte())
        driver.start()
        while !source.isEmpty {
            driver.give(source.input(at: driver.transfer), after: source.wait())
        }
    }

    static func netascii(_ bytes: [UInt8]) {
        let piece = Int(bytes.first ?? 0) + 1
        var encoder = NetasciiEncoder()
        var decoder = NetasciiDecoder()
        var plain: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty || !encoder.isFlushed {
            var wire: [UInt8] = []
            let used = encoder.encode(rest, into: &wire, limit: piece)
            precondition(wire.count <= piece && (used > 0 || !wire.isEmpty))
            rest = rest.dropFirst(used)
            decoder.decode(wire, into: &plain)
        }
        decoder.finish(into: &plain)
        precondition(plain == bytes)
        var anything = NetasciiDecoder()
        var decoded: [UInt8] = []
        anything.decode(bytes, into: &decoded)
        anything.finish(into: &decoded)
        precondition(decoded.count <= bytes.count)
    }
}

/// Decisions out of bytes; zeros behind their end.
private struct FuzzBytes {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isEmpty: Bool { rest.isEmpty }
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }
    mutating func word() -> UInt16 { UInt16(byte()) << 8 | UInt16(byte()) }

    mutating func options() -> [TFTPOption] {
        (0..<byte() % 4).map { _ in
            let names = [
                "blksize", "windowsize", "tsize", "timeout", "rollover", "Blksize", "x", "",
            ]
            return TFTPOption(names[Int(byte() % 8)], "\(word())")
        }
    }

    mutating func transfer() -> TFTPTransfer {
        let peer = TFTPEndpoint(low: 1, port: 1)
        let kind = byte()
        var parameters = TFTPParameters()
        if kind & 16 != 0 { parameters.rollOver = .one }
        var wishes = TFTPWishes()
        if kind & 32 != 0 { wishes.blockSize = 8 + Int(word()) % 65_457 }
        if kind & 64 != 0 { wishes.windowSize = 1 + Int(byte()) }
        if kind & 128 != 0 { wishes.timeoutSeconds = 1 + Int(byte()) % 255 }
        let size = Int64(word()) * Int64(byte())
        let request = TFTPRequest(fileName: "f", mode: .octet, options: options())
        switch kind % 4 {
        case 0: return .get("f", from: peer, wishes: wishes, parameters: parameters)
        case 1: return .put("f", to: peer, sizeBytes: size, wishes: wishes, parameters: parameters)
        case 2:
            let (terms, taken) = TFTPLimits().terms(for: request, fileSize: size)
            return .serveRead(
                to: peer,
                sizeBytes: size,
                terms: terms,
                acknowledged: taken,
                parameters: parameters
            )
        default:
            let (terms, taken) = TFTPLimits().terms(for: request, fileSize: nil)
            return .serveWrite(
                from: peer,
                terms: terms,
                acknowledged: taken,
                parameters: parameters
            )
        }
    }

    /// Nanoseconds until the next input.
    mutating func wait() -> Int64 {
        let value = byte()
        return value < 128 ? Int64(value) * 100_000 : Int64(value - 127) * 200_000_000
    }

    /// An input; block numbers are near those that count, as a rule.
    mutating func input(at transfer: TFTPTransfer) -> TFTPInput {
        let kind = byte()
        let port: UInt16 = kind & 128 == 0 ? 1 : 2
        let from = TFTPEndpoint(low: kind & 64 == 0 ? 1 : 9, port: port)
        let near = transfer.number(
            ofBlock: transfer.transferredBytes / Int64(transfer.terms.blockSize)
        )
        let block = kind & 32 == 0 ? near &+ UInt16(byte()) &- 8 : word()
        switch kind % 8 {
        case 0, 1: return .heard(.data(block: block, count: transfer.terms.blockSize), from: from)
        case 2: return .heard(.data(block: block, count: Int(word())), from: from)
        case 3, 4: return .heard(.acknowledgement(block: block), from: from)
        case 5: return .heard(.optionAcknowledgement(options()), from: from)
        case 6: return .wake
        default:
            let message = TFTPErrorMessage(TFTPErrorCode(rawValue: block), "e")
            switch byte() % 8 {
            case 0: return .heard(.error(message), from: from)
            case 1: return .heard(.foreign, from: from)
            case 2: return .storageFailed(message)
            case 3: return .stop
            default: return .wake
            }
        }
    }
}

/// Drives a transfer and checks what it asks for.
private struct TransferFuzzDriver {
    var transfer: TFTPTransfer
    private var effects = TFTPEffects()
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var isClosed = false
    private var ends = 0
    private var isAgreed = false

    init(_ transfer: TFTPTransfer, blockSource: UInt8) { self.transfer = transfer }

    mutating func start() {
        transfer.start(now: now, into: &effects)
        check(nil)
    }

    mutating func give(_ input: TFTPInput, after wait: Int64) {
        now = now + Interval(nanoseconds: wait)
        let before = transfer.transferredBytes
        _ = transfer.handle(input, now: now, into: &effects)
        precondition(transfer.transferredBytes >= before, "bytes are lost")
        precondition(transfer.isOver == isClosed || effects.list.last == .close)
        check(input)
    }

    private mutating func check(_ input: TFTPInput?) {
        let sends = transfer.role.sendsBlocks
        for effect in effects.list {
            precondition(!isClosed, "\(effect) after the end")
            switch effect {
            case .sendBlocks(let first, let count):
                precondition(sends && isAgreed && first >= 1 && count >= 1)
                precondition(count <= transfer.terms.windowSize)
                let last = transfer.sizeBytes / Int64(transfer.terms.blockSize) + 1
                precondition(first + Int64(count) - 1 <= last, "behind the file's end")
                let bytes = transfer.byteCount(ofBlock: first + Int64(count) - 1)
                precondition((0...transfer.terms.blockSize).contains(bytes))
            case .keep:
                guard case .heard(.data(_, let count), let from)? = input else {
                    preconditionFailure("kept no block")
                }
                precondition(!sends && isAgreed && from.port == 1 && from.low == 1)
                precondition(count <= transfer.terms.blockSize)
            case .acknowledge: precondition(!sends)
            case .refuse(let endpoint): precondition(endpoint.port == 2 || endpoint.low == 9)
            case .wake(let instant): precondition(instant >= now, "a wake-up in the past")
            case .agreed: isAgreed = true
            case .complete: ends += 1
            case .failed(let failure):
                // Only what could not be kept can still fail a file that was whole.
                if case .storage = failure { ends = 0 }
                ends += 1
            case .send: break
            case .close: isClosed = true
            }
        }
        precondition(ends <= 1, "ended twice")
        precondition(!isClosed || ends == 1, "closed without an end")
        effects.removeAll()
    }
}
