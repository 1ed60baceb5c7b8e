// When a transfer repeats itself and when it gives up: a measured round trip, doubled waits, an end.

/// A smoothed round trip in integer nanoseconds, after Jacobson (RFC 6298).
struct TFTPRoundTrip: BitwiseCopyable, Hashable, Sendable {
    private var smoothedNanoseconds: Int64 = 0
    private var variationNanoseconds: Int64 = 0

    /// The smoothed round trip; nil before anything was measured.
    var smoothed: Interval? {
        smoothedNanoseconds > 0 ? Interval(nanoseconds: smoothedNanoseconds) : nil
    }

    /// The wait that a repetition is worth: nil before anything was measured.
    ///
    /// Over an even way the variation fades to nothing, and then the first packet that is a little late
    /// would be repeated; so `spreadLeast` is waited beyond the round trip (RFC 6298, 2.3).
    func timeout(spreadLeast: Interval) -> Interval? {
        guard smoothedNanoseconds > 0 else { return nil }
        let spread = max(4 * variationNanoseconds, spreadLeast.nanoseconds)
        return Interval(nanoseconds: smoothedNanoseconds + spread)
    }

    /// Takes a sample: an eighth of it counts, a quarter of its distance.
    mutating func add(_ sample: Interval) {
        let value = max(sample.nanoseconds, 1)
        guard smoothedNanoseconds > 0 else {
            smoothedNanoseconds = value
            variationNanoseconds = value / 2
            return
        }
        let distance = abs(smoothedNanoseconds - value)
        variationNanoseconds += (distance - variationNanoseconds) / 4
        smoothedNanoseconds = max(smoothedNanoseconds + (value - smoothedNanoseconds) / 8, 1)
    }
}

extension TFTPTransfer {
    /// The wait before the next repetition: what was agreed, or what was measured, doubled each time.
    private var timeout: Interval {
        let doublings = min(backOff, 16)
        if let seconds = terms.timeoutSeconds { return .seconds(Int64(seconds)) }
        let measured = roundTrip.timeout(spreadLeast: parameters.spreadLeast)
        let base = measured ?? parameters.firstTimeout
        let bounded = min(max(base, parameters.timeoutLeast), parameters.timeoutMost)
        return min(bounded * (1 << Int64(doublings)), parameters.timeoutMost)
    }

    private var patience: Interval {
        max(parameters.patience, .seconds(Int64(terms.timeoutSeconds ?? 0) * 5))
    }

    /// A round trip that began at `start`, unless a repetition makes it ambiguous.
    ///
    /// Until one is clear, the doubled wait stays (Karn's rule): where packets take longer than the
    /// wait, every one would be repeated, and none ever measured.
    mutating func measure(since start: Instant, _ now: Instant) {
        guard attempts == 0 else { return }
        roundTrip.add(now - start)
        backOff = 0
    }

    /// No answer comes sooner than this: half a round trip.
    var soonestAnswer: Interval {
        Interval(nanoseconds: (roundTrip.smoothed ?? .zero).nanoseconds / 2)
    }

    /// Within this a packet that comes again is taken for a duplicate of the network.
    var quiet: Interval {
        let roundTrip = min(roundTrip.smoothed ?? .zero, parameters.duplicateQuietMost)
        return max(parameters.duplicateQuiet, roundTrip)
    }

    mutating func noteProgress(_ now: Instant) {
        progressAt = now
        attempts = 0
    }

    /// Sets the deadline for the peer's next packet.
    mutating func waitForAnswer(_ now: Instant, _ effects: inout TFTPEffects) {
        waitUntil(min(now + timeout, startedAt + parameters.lifetime), &effects)
    }

    mutating func waitUntil(_ instant: Instant, _ effects: inout TFTPEffects) {
        deadline = instant
        askForWake(&effects)
    }

    private mutating func askForWake(_ effects: inout TFTPEffects) {
        guard deadline < scheduledWake else { return }
        scheduledWake = deadline
        effects.emit(.wake(deadline))
    }

    mutating func wake(_ now: Instant, _ effects: inout TFTPEffects) -> TFTPVerdict {
        if now >= scheduledWake { scheduledWake = .never }
        guard now >= deadline else {
            askForWake(&effects)
            return .staleWake
        }
        if case .lingering = state {
            close(&effects)
            return .handled
        }
        let isLate = now - startedAt >= parameters.lifetime
        guard now - progressAt < patience, !isLate else {
            let failure = isLate ? TFTPFailure.tookTooLong : .timedOut
            let message = TFTPErrorMessage(.notDefined, "\(failure)")
            fail(failure, telling: peer == nil ? nil : message, &effects)
            return .handled
        }
        attempts += 1
        backOff += 1
        repetitions += 1
        switch state {
        case .asking(let request, _): effects.emit(.send(request))
        case .sending(var sending):
            if sending.base == 0, let opening = sending.opening {
                effects.emit(.send(opening))
            } else {
                sendWindow(&sending, now, &effects)
                state = .sending(sending)
            }
        case .receiving(var receiving):
            if receiving.next == 1, role == .servesWrite {
                effects.emit(.send(receiving.opening))
            } else {
                acknowledge(&receiving, now, &effects)
                state = .receiving(receiving)
            }
        case .lingering, .ended: break
        }
        waitForAnswer(now, &effects)
        return .handled
    }

    /// Ends without success, and tells the peer why if it is to hear it.
    mutating func fail(
        _ failure: TFTPFailure,
        telling message: TFTPErrorMessage?,
        _ effects: inout TFTPEffects
    ) {
        // Whoever has the whole file has succeeded, whatever comes of the last acknowledgement.
        let isComplete = if case .lingering = state { true } else { false }
        if let message, !isComplete { effects.emit(.send(.error(message))) }
        if !isComplete { effects.emit(.failed(failure)) }
        close(&effects)
    }

    mutating func close(_ effects: inout TFTPEffects) {
        state = .ended
        deadline = .never
        effects.emit(.close)
    }
}
