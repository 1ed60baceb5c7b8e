// That something goes on: in a world in which nothing is wrong any more, phones that have something to do
// get on with it, or give up for a reason. The bound is generous; what it finds stands still for ever.

internal import BasicContainers

extension Kernel {
    /// The longest that phones may have something to do without one of them getting a file, or
    /// beginning or ending an upgrade, while no transfer is under way.
    ///
    /// Own choice: three times the longest wait of the model, and no less than 30 minutes.
    var progressLimit: Interval {
        let peer = context.parameters
        let waits: [Interval] = [
            peer.rootWaiting, peer.listenBeforeClaim, peer.dissolveAfter, peer.barred, peer.linger,
            peer.lingerLimit, peer.relistenSpread, peer.fallbackSpread, peer.joinPatience,
            peer.linkLost, peer.seekingPatience, parameters.reboot + parameters.registration,
            parameters.fetchPatience, parameters.busyWait * 2,
            parameters.verifyTime(bytes: longestFile), parameters.writeTime(bytes: longestFile),
        ]
        return max(waits.max() ?? .zero, .seconds(600)) * 3
    }

    private var longestFile: Int64 { files.reduce(0) { max($0, $1.bytes) } }

    /// An event is about to happen; it must not be too long since anything came of one.
    mutating func watchProgress() {
        guard activeCount > 0, now - watch.progressAt > .seconds(1_800),
            now - watch.progressAt > progressLimit
        else { return }
        if isExcused { watch.progressAt = now } else { failProgress("nothing has got on for long") }
    }

    /// Nothing is left to happen at all.
    mutating func watchStandstill() {
        guard watch.isOn, activeCount > 0, !isExcused else { return }
        failProgress("nothing is left to happen")
    }

    /// Whether it is no wonder that nobody gets on: a file is on its way, or all that is to come is a
    /// restart.
    private var isExcused: Bool {
        for path in network.paths where path.flows.count > 0 { return true }
        var isWaiting = false
        for index in 0..<phones.count where phones[index].isActive {
            if ports[index].count > 0 { return true }
            if !phones[index].awaitsRestart { isWaiting = true }
        }
        return !isWaiting
    }

    private mutating func failProgress(_ what: String) {
        var stuck: PhoneNumber?
        for index in 0..<phones.count where phones[index].isActive && !phones[index].awaitsRestart {
            stuck = PhoneNumber(index)
            break
        }
        breakRule(.progress, by: stuck, "it has something to do, and \(what)")
    }
}
