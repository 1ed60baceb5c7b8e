// The side that sends blocks. A window goes out, an acknowledgement moves it on; one that names a
// block inside the window means that what follows was lost. An acknowledgement that comes again never
// sends a block again in lock-step: that would be the sorcerer's apprentice (RFC 1123, 4.2.3.1).

extension TFTPTransfer {
    /// What has been sent; blocks are counted from 1, the opening is 0.
    public struct Sending: Hashable, Sendable {
        /// The option acknowledgement that must be answered before blocks go out.
        let opening: TFTPPacket?
        /// The first block that is not acknowledged.
        var base: Int64
        /// The block after the last one sent.
        var next: Int64
        /// The last block; shorter than the others, maybe empty.
        let last: Int64
        /// When the window went out.
        var sentAt = Instant.zero
        /// The base whose window was sent again because its predecessor was acknowledged again.
        var repeatedBase: Int64 = -1

        init(opening: TFTPPacket?, sizeBytes: Int64, blockSize: Int) {
            self.opening = opening
            base = opening == nil ? 1 : 0
            next = 1
            last = sizeBytes / Int64(blockSize) + 1
        }
    }

    /// The bytes of the block with `index`, as the file's size and the block size say.
    public func byteCount(ofBlock index: Int64) -> Int {
        let start = (index - 1) * Int64(terms.blockSize)
        return Int(max(0, min(Int64(terms.blockSize), sizeBytes - start)))
    }

    mutating func hear(
        _ signal: TFTPSignal,
        _ present: Sending,
        _ now: Instant,
        _ effects: inout TFTPEffects
    ) -> TFTPVerdict {
        switch signal {
        case .acknowledgement(let block): return hear(block, present, now, &effects)
        case .error(let message):
            fail(.refused(message), telling: nil, &effects)
            return .handled
        // The server's answer comes again when the first block was lost: that block is repeated.
        case .optionAcknowledgement where role == .puts: return .outOfOrder
        case .data, .optionAcknowledgement, .foreign:
            let text = "this transfer waits for acknowledgements"
            let message = TFTPErrorMessage(.illegalOperation, text)
            fail(.protocolBroken(text), telling: message, &effects)
            return .handled
        }
    }

    private mutating func hear(
        _ block: UInt16,
        _ present: Sending,
        _ now: Instant,
        _ effects: inout TFTPEffects
    ) -> TFTPVerdict {
        var sending = present
        guard let index = indexAcknowledged(by: block, sending) else { return .outOfOrder }
        if index < sending.base {
            // The window's first block is missing over there; told once, the rest is the clock's. What
            // comes sooner than an answer can is a duplicate of the network.
            guard terms.windowSize > 1, sending.base > 0, sending.repeatedBase != sending.base,
                now - sending.sentAt >= soonestAnswer
            else { return .outOfOrder }
            sending.repeatedBase = sending.base
            repetitions += 1
        } else {
            measure(since: sending.sentAt, now)
            noteProgress(now)
            sending.base = index + 1
            transferredBytes = min(index * Int64(terms.blockSize), sizeBytes)
        }
        guard sending.base <= sending.last else {
            effects.emit(.complete)
            close(&effects)
            return .handled
        }
        sendWindow(&sending, now, &effects)
        state = .sending(sending)
        waitForAnswer(now, &effects)
        return .handled
    }

    /// The block that an acknowledgement names: one of the window, or the one before it.
    private func indexAcknowledged(by block: UInt16, _ sending: Sending) -> Int64? {
        let before = sending.base - 1
        if before >= 0, block == number(ofBlock: before), sending.next - sending.base < 65_535 {
            return before
        }
        if sending.base == 0 { return block == 0 ? 0 : nil }
        guard rollOver == .zero || block > 0 else { return nil }
        let modulus: Int64 = rollOver == .zero ? 65_536 : 65_535
        let distance =
            (Int64(block) - Int64(number(ofBlock: sending.base)) + modulus) % modulus
        return distance < sending.next - sending.base ? sending.base + distance : nil
    }

    /// Sends the window from the first block that is not acknowledged.
    mutating func sendWindow(
        _ sending: inout Sending,
        _ now: Instant,
        _ effects: inout TFTPEffects
    ) {
        let count = min(Int64(terms.windowSize), sending.last - sending.base + 1)
        effects.emit(.sendBlocks(first: sending.base, count: Int(count)))
        sending.next = sending.base + count
        sending.sentAt = now
    }
}
