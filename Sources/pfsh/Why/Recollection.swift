// What phones decided, remembered by going the way once more: copies of the kept worlds run from stretch to
// stretch with a record of these phones, and the world that everybody sees stays as it is.

import Interpreter
import PFSRuntime

/// What happened to some phones since a time.
struct Recollection {
    /// One thing of the past.
    enum Entry {
        /// A phone made something of an input.
        case decision(Decision)
        /// Orders were given; `changes` names what a phone did before and after, where that differs.
        case orders(Instant, [String], changes: Bool)
        /// What happened up to this moment is not kept.
        case gap(until: Instant)
    }

    /// What happened, in order.
    var entries: [Entry] = []

    /// The decisions among it.
    var decisions: [Decision] {
        entries.compactMap { if case .decision(let decision) = $0 { decision } else { nil } }
    }
}

extension ShellHost {
    /// What these phones decided since a time, up to now.
    ///
    /// Throws a diagnostic where the way is not kept, or the user stops it.
    mutating func recollect(
        _ phones: [PhoneNumber],
        since: Instant
    ) throws(Diagnostic) -> Recollection {
        keepBeginning()
        let history = timeTravel.history
        let way = history.stretches.filter { $0.number <= history.stretch }
        guard let first = way.lastIndex(where: { $0.start.time < since }) ?? way.indices.first
        else {
            throw timeTravel.tooLarge
        }
        let present = WorldMoment(of: world)
        var recollection = Recollection()
        var situations: [PeerSituation]?
        for index in first..<way.count {
            let stretch = way[index]
            let end = index + 1 < way.count ? way[index + 1].start : present
            let starts = history.checkpoints.filter {
                $0.stretch == stretch.number && $0.moment <= end
            }
            let before = index == first ? starts.last { $0.moment.time < since } : nil
            guard let start = before ?? starts.first else {
                recollection.entries.append(.gap(until: end.time))
                situations = nil
                continue
            }
            if index > first {
                let now = phones.map { start.world.situation(of: $0) }
                let isChanged = situations.map { zip($0, now).contains { $0.differs(from: $1) } }
                recollection.entries.append(
                    .orders(start.moment.time, stretch.orders, changes: isChanged ?? false)
                )
            }
            let past = start.world.copy()
            past.isTracing = false
            past.recordDecisions(of: phones.filter { Int($0.index) < past.phoneCount })
            try bring(past, to: .event(end.eventCount))
            recollection.entries += past.decisions.filter { $0.time >= since }.map { .decision($0) }
            situations = phones.map { past.situation(of: $0) }
        }
        return recollection
    }
}

extension PeerSituation {
    /// Whether a phone does something else, as far as a user sees.
    fileprivate func differs(from other: PeerSituation) -> Bool {
        stageName != other.stageName || fileIndex != other.fileIndex || parent != other.parent
    }

    /// What the phone does, in one word.
    var stageName: String {
        switch stage {
        case .idle: "idle"
        case .electing:
            switch phase {
            case .listening, .idle, .settled: "listening"
            case .claiming: "claiming"
            case .seeking: "seeking"
            case .orphaned: "orphaned"
            }
        case .joining: "joining"
        case .attached: "attached"
        case .orphaned: "orphaned"
        case .waiting: "rooted"
        case .backingOff: "backing"
        case .fetching: "fetching"
        case .verifying: "verifying"
        case .writing: "writing"
        case .lingering, .serving: "serving"
        case .applying: "rebooting"
        }
    }
}
