// Going back: how long it takes to reach a moment of a whole upgrade, and what the worlds kept for it take.

import PFSRuntime

/// The moments that are reached: own choice, enough for a median and to meet a bad one.
private let momentCount = 50
/// Events between two looks at what is to be kept, as in the shell.
private let pieceEvents = 20_000

/// Upgrades `count` phones, reaches moments of it by chance, and gives the members of the JSON line that
/// describe it; each moment's way on is gone to the end once in ten, and has to give the same fingerprint.
func momentsReached(phones count: Int) -> String {
    let world = worldBeforeUpgrade(phones: count)
    var history = WorldHistory<Void>()
    history.begin(world, orders: [], note: ())
    while world.runUntilIdle(budget: pieceEvents) != .idle { history.follow(world, note: ()) }
    let end = (events: world.eventCount, fingerprint: world.fingerprint, time: world.now)
    let clock = ContinuousClock()
    var milliseconds: [Double] = []
    var random = RandomStream(seed: 1, purpose: .test, index: 1)
    for number in 0..<momentCount {
        let goal = random.next() % (end.events + 1)
        let begin = clock.now
        let reached: World
        do {
            let start = try history.start(toEvent: goal)
            reached = start.world.copy()
        } catch {
            preconditionFailure("event \(goal) is not reached: \(error)")
        }
        while reached.eventCount < goal {
            let missing = goal - reached.eventCount
            _ = reached.run(until: .latest, budget: Int(min(missing, UInt64(pieceEvents))))
        }
        let taken = begin.duration(to: clock.now).components
        milliseconds.append(Double(taken.seconds) * 1e3 + Double(taken.attoseconds) * 1e-15)
        precondition(reached.eventCount == goal, "another event was reached")
        guard number % 10 == 0 else { continue }
        while reached.runUntilIdle(budget: 1_000_000) != .idle {}
        precondition(
            reached.eventCount == end.events && reached.fingerprint == end.fingerprint
                && reached.now == end.time,
            "the way on from event \(goal) was another one"
        )
    }
    milliseconds.sort()
    return "\"events\": \(end.events), \"reachP50Milliseconds\": \(milliseconds[momentCount / 2]), "
        + "\"reachWorstMilliseconds\": \(milliseconds[momentCount - 1]), "
        + "\"worldsKept\": \(history.checkpoints.count), \"bytesKept\": \(history.bytes)"
}
