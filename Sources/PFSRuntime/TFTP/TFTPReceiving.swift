// The side that receives blocks. Only the next block in order is kept; one acknowledgement answers a
// window, and at once the last block in order when one was skipped (RFC 7440). After the last block
// the side stays for a while, in case its acknowledgement is lost.

extension TFTPTransfer {
    /// What has been received; blocks are counted from 1.
    public struct Receiving: Hashable, Sendable {
        /// What a server answered the request with; repeated until a block comes.
        let opening: TFTPPacket
        /// The block that must come next.
        var next: Int64 = 1
        /// Blocks kept since the last acknowledgement.
        var unacknowledged = 0
        /// The last block acknowledged.
        var acknowledged: Int64 = 0
        /// When that was.
        var acknowledgedAt = Instant.zero
        /// The block whose absence has been told.
        var missingTold: Int64 = 0
    }

    mutating func hear(
        _ signal: TFTPSignal,
        _ present: Receiving,
        _ now: Instant,
        _ effects: inout TFTPEffects
    ) -> TFTPVerdict {
        switch signal {
        case .data(let block, let count): return hear(block, count, present, now, &effects)
        case .error(let message):
            fail(.refused(message), telling: nil, &effects)
            return .handled
        case .optionAcknowledgement where role == .gets && present.next == 1:
            // It comes again: our acknowledgement of it was lost.
            guard now - present.acknowledgedAt >= quiet else { return .outOfOrder }
            var receiving = present
            acknowledge(&receiving, now, &effects)
            state = .receiving(receiving)
            return .handled
        case .optionAcknowledgement where role == .gets: return .outOfOrder
        case .acknowledgement, .optionAcknowledgement, .foreign:
            let text = "this transfer waits for data"
            let message = TFTPErrorMessage(.illegalOperation, text)
            fail(.protocolBroken(text), telling: message, &effects)
            return .handled
        }
    }

    private mutating func hear(
        _ block: UInt16,
        _ count: Int,
        _ present: Receiving,
        _ now: Instant,
        _ effects: inout TFTPEffects
    ) -> TFTPVerdict {
        var receiving = present
        guard count <= terms.blockSize else {
            let text = "a block of \(count) bytes, agreed were \(terms.blockSize)"
            fail(
                .protocolBroken(text),
                telling: TFTPErrorMessage(.illegalOperation, text),
                &effects
            )
            return .handled
        }
        learnRollOver(block, receiving)
        guard block == number(ofBlock: receiving.next) else {
            let verdict = hearOutOfOrder(block, &receiving, now, &effects)
            state = .receiving(receiving)
            return verdict
        }
        effects.emit(.keep)
        transferredBytes += Int64(count)
        measure(since: receiving.acknowledgedAt, now, isFirst: receiving.unacknowledged == 0)
        noteProgress(now)
        receiving.next += 1
        receiving.unacknowledged += 1
        if count < terms.blockSize { return finish(&receiving, now, &effects) }
        if let expected = expectedBytes, transferredBytes > expected {
            failOverSize(expected, &effects)
            return .handled
        }
        if receiving.unacknowledged >= terms.windowSize { acknowledge(&receiving, now, &effects) }
        state = .receiving(receiving)
        waitForAnswer(now, &effects)
        return .handled
    }

    private mutating func measure(since start: Instant, _ now: Instant, isFirst: Bool) {
        if isFirst, start > .zero { measure(since: start, now) }
    }

    /// In lock-step block 1 in place of 0 can only mean that the peer's numbers go on at 1, and a
    /// block 0 always that they go on at 0.
    private mutating func learnRollOver(_ block: UInt16, _ receiving: Receiving) {
        guard receiving.next == 65_536, terms.rollOver == nil else { return }
        switch (rollOver, block) {
        case (.zero, 1) where terms.windowSize == 1: rollOver = .one
        case (.one, 0): rollOver = .zero
        default: break
        }
    }

    private mutating func hearOutOfOrder(
        _ block: UInt16,
        _ receiving: inout Receiving,
        _ now: Instant,
        _ effects: inout TFTPEffects
    ) -> TFTPVerdict {
        let modulus: Int64 = rollOver == .zero ? 65_536 : 65_535
        let ahead =
            (Int64(block) - Int64(number(ofBlock: receiving.next)) + modulus) % modulus
        if ahead < terms.windowSize {
            guard receiving.missingTold != receiving.next else { return .outOfOrder }
            receiving.missingTold = receiving.next
            acknowledge(&receiving, now, &effects)
            return .outOfOrder
        }
        // A repetition of what was acknowledged last: the acknowledgement was lost. Where more has
        // come since, it was not, and to repeat it would have the window sent again.
        if block == number(ofBlock: receiving.acknowledged), receiving.unacknowledged == 0,
            now - receiving.acknowledgedAt >= quiet
        {
            acknowledge(&receiving, now, &effects)
        }
        return .outOfOrder
    }

    /// Acknowledges everything in order; the peer's next window begins behind it.
    mutating func acknowledge(
        _ receiving: inout Receiving,
        _ now: Instant,
        _ effects: inout TFTPEffects
    ) {
        receiving.unacknowledged = 0
        receiving.acknowledged = receiving.next - 1
        receiving.acknowledgedAt = now
        effects.emit(.acknowledge(number(ofBlock: receiving.acknowledged)))
    }

    /// The bytes that must come in all, where that was said.
    ///
    /// With netascii the size may be that of the file before its conversion, so it binds nobody.
    private var expectedBytes: Int64? { terms.mode == .octet ? terms.transferSize : nil }

    private mutating func failOverSize(_ expected: Int64, _ effects: inout TFTPEffects) {
        let failure = TFTPFailure.wrongSize(expected: expected, received: transferredBytes)
        fail(failure, telling: TFTPErrorMessage(.notDefined, "\(failure)"), &effects)
    }

    /// The last block has come.
    private mutating func finish(
        _ receiving: inout Receiving,
        _ now: Instant,
        _ effects: inout TFTPEffects
    ) -> TFTPVerdict {
        if let expected = expectedBytes, expected != transferredBytes {
            failOverSize(expected, &effects)
            return .handled
        }
        effects.emit(.complete)
        acknowledge(&receiving, now, &effects)
        let until = now + parameters.lingering
        state = .lingering(receiving, until: until)
        waitUntil(until, &effects)
        return .handled
    }
}
