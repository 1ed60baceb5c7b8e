// What a run leaves behind, to be compared with that of another which should have gone the same way.

import Testing

@testable import PFSRuntime

/// What a run leaves behind, but for the number of events.
struct RunTrail {
    let fingerprint: UInt64
    let now: Instant
    let counts: FetchCounts
    let peerBytes: Int64
    let origins: [String]
    let outcomes: [String]
    let lines: [String]
    let hits: [UInt64]

    init(_ office: Office) {
        let world = office.world
        var origins: [String] = []
        var outcomes: [String] = []
        for phone in world.identities.indices.map({ PhoneNumber($0) }) {
            outcomes.append("\(world.name(of: phone)) \(world.snapshot(phone).outcome)")
            for file in 0..<3 { origins.append("\(world.origin(of: file, at: phone))") }
        }
        fingerprint = world.fingerprint
        now = world.now
        counts = world.fetchCounts
        peerBytes = world.peerBytes
        self.origins = origins
        self.outcomes = outcomes
        lines = office.log
            .map { ($0.time, $0.phone, "\(world.name(of: $0.phone)) \(world.consoleLine($0))") }
            .sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }
            .map { "\($0.0.nanoseconds) \($0.2)" }
        hits = world.endedFaults.map(\.hits)
    }

    /// Fails where the run differs from another.
    func expectSame(as expected: RunTrail, _ comment: Comment) {
        let firstDifference = zip(expected.lines, lines).first { $0 != $1 }
        #expect(firstDifference == nil, comment)
        #expect(expected.lines.count == lines.count, comment)
        #expect(expected.origins == origins, comment)
        #expect(expected.outcomes == outcomes, comment)
        #expect(expected.counts == counts, comment)
        #expect(expected.peerBytes == peerBytes, comment)
        #expect(expected.now == now, comment)
        #expect(expected.hits == hits, comment)
        #expect(expected.fingerprint == fingerprint, comment)
    }
}
