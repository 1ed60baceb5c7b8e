// One phone on a timetable: a test says what comes in at which time and which effects follow. The
// clock moves by the phone's own wake-ups, so an effect at any other time than the expected one
// fails, and so does an effect that the test does not name.

import Testing

@testable import PFSRuntime

/// One phone, the clock, and the effects that the test has not named yet.
///
/// The phone is 10.0.0.10, its strength 0x40000000; other phones are named by their last number.
/// A class, because the expectation macros take copyable values only.
final class Timetable {
    static let own: UInt32 = 10
    static let strength: UInt32 = 0x4000_0000
    static let confirmed = ClaimRank.confirmedBit

    private(set) var peer = Peer(
        address: Timetable.address(Timetable.own),
        seed: 7,
        number: PhoneNumber(0)
    )
    private(set) var election = Election()
    var context = PeerContext()
    private var effects = EffectQueue()
    private var pending: [String] = []
    private(set) var notes: [PeerNote] = []
    private var wakes: [Instant] = []
    private(set) var lastVerdict = Verdict.handled

    init() {
        effects.wantsTrace = true
        context.pins = [
            PeerPin(
                address: Self.address(Self.own),
                file: nil,
                field: .strength,
                value: Self.strength
            )
        ]
    }

    static func address(_ number: UInt32) -> IPv4Address { IPv4Address(bits: 10 << 24 | number) }

    // MARK: Time

    /// Lets time pass up to `milliseconds`, then `microseconds`, after the beginning; what the phone
    /// does before then must be nothing.
    func at(
        _ milliseconds: Int64,
        _ microseconds: Int64 = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expect(sourceLocation: sourceLocation)
        let target =
            Instant.zero + .milliseconds(milliseconds) + .microseconds(microseconds)
        while let wake = wakes.min(), wake < target {
            fire(wake)
            expect(sourceLocation: sourceLocation)
        }
        #expect(target >= context.now, sourceLocation: sourceLocation)
        context.now = max(context.now, target)
        rightAway()
    }

    /// Lets the phone's own wake-ups pass until it does something; gives the time, nil when nothing
    /// comes within `limit`.
    func untilItActs(
        within limit: Interval,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Interval? {
        expect(sourceLocation: sourceLocation)
        let begin = context.now
        while let wake = wakes.min(), wake <= begin + limit {
            fire(wake)
            if !pending.isEmpty { return context.now - begin }
        }
        return nil
    }

    /// Lets the wake-ups pass until the phone has done `effect`, for at most `limit`.
    ///
    /// False when it has not by then. All that it did is taken as named.
    func run(until effect: String, within limit: Interval) -> Bool {
        let end = context.now + limit
        while !pending.contains(effect) {
            guard let wake = wakes.min(), wake <= end else { return false }
            fire(wake)
        }
        pending = []
        return true
    }

    /// Lets the wake-ups pass that are due at the present time.
    func rightAway() {
        while let wake = wakes.min(), wake <= context.now { fire(wake) }
    }

    private func fire(_ wake: Instant) {
        wakes.removeAll { $0 == wake }
        context.now = max(context.now, wake)
        give(.wake)
    }

    /// Milliseconds since the beginning, rounded down.
    var milliseconds: Int64 { context.now.nanoseconds / 1_000_000 }

    // MARK: Inputs

    func give(_ input: PeerInput) {
        effects.removeAll()
        lastVerdict = peer.handle(input, context, &election, &effects)
        for index in 0..<effects.count {
            switch effects[index] {
            case .wake(let instant): wakes.append(max(instant, context.now))
            case .note(let note, _, after: _): notes.append(note)
            default: pending.append(Self.text(effects[index]))
            }
        }
    }

    /// Starts an upgrade of `files` files.
    func start(files: Int = 1, shares: Bool = true) throws {
        let job = UpgradeJob(files: (0..<files).map { FileNumber($0) }, shares: shares)
        give(.start(try #require(job)))
    }

    func hear(_ message: PeerMessage, file: Int = 0, from sender: UInt32) {
        give(.heard(message, FileNumber(file), from: Self.address(sender)))
    }

    /// A tentative claim of another phone.
    func hearClaim(_ strength: UInt32, file: Int = 0, from sender: UInt32) {
        let claim = Claim(
            transaction: sender,
            strength: strength,
            advertisement: 0,
            fetchBegun: false
        )
        hear(.claim(claim), file: file, from: sender)
    }

    /// A confirmed root's advertisement; `strength` without its top bit.
    func hearRoot(
        _ strength: UInt32 = 1,
        fetching: Bool = false,
        file: Int = 0,
        from sender: UInt32
    ) {
        let claim = Claim(
            transaction: sender,
            strength: strength | Self.confirmed,
            advertisement: 0,
            fetchBegun: fetching
        )
        hear(.confirmed(claim), file: file, from: sender)
    }

    func receive(_ message: PeerMessage, file: Int = 0, from sender: UInt32) {
        give(.received(message, FileNumber(file), from: Self.address(sender)))
    }

    func receiveAccept(depth: UInt8 = 0, root: UInt32? = nil, file: Int = 0, from sender: UInt32) {
        receive(.accept(Self.position(root ?? sender, depth)), file: file, from: sender)
    }

    func receiveHold(depth: UInt8 = 0, root: UInt32? = nil, file: Int = 0, from sender: UInt32) {
        receive(.hold(Self.position(root ?? sender, depth)), file: file, from: sender)
    }

    func receiveJoin(file: Int = 0, from sender: UInt32) {
        receive(.join(transaction: 1), file: file, from: sender)
    }

    static func position(_ root: UInt32, _ depth: UInt8) -> HierarchyPosition {
        HierarchyPosition(transaction: root, root: address(root), depth: depth)
    }

    // MARK: Expectations

    /// The phone has done exactly this since it was last asked.
    func expect(_ expected: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(
            pending == expected,
            "at \(milliseconds) ms, \(stage)",
            sourceLocation: sourceLocation
        )
        pending = []
    }

    /// The phone has done this at least, in any order.
    func expectAmong(_ expected: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        for text in expected {
            #expect(
                pending.contains(text),
                "\(pending) at \(milliseconds) ms",
                sourceLocation: sourceLocation
            )
        }
        pending = []
    }

    /// The phone does nothing up to `milliseconds` but keep its links alive.
    func expectOnlyHolds(
        until milliseconds: Int64,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let target = Instant.zero + .milliseconds(milliseconds)
        while let wake = wakes.min(), wake < target {
            fire(wake)
            let other = pending.filter { !$0.hasPrefix("send hold") }
            #expect(other.isEmpty, "at \(self.milliseconds) ms", sourceLocation: sourceLocation)
            pending = []
        }
        context.now = max(context.now, target)
        rightAway()
    }

    /// The phone gives up on its peers, and fetches by itself after a random wait.
    func expectFallback(sourceLocation: SourceLocation = #_sourceLocation) {
        expectStage("backing off", sourceLocation: sourceLocation)
        let wait = untilItActs(within: .seconds(5), sourceLocation: sourceLocation)
        #expect(wait != nil, sourceLocation: sourceLocation)
        expectAmong("fetch fallback", sourceLocation: sourceLocation)
    }

    /// What the phone is doing, in words.
    var stage: String {
        switch peer.stage {
        case .idle: "idle"
        case .electing: "\(election.phase)"
        case .joining(let joining): "joining \(Self.text(joining.target))"
        case .attached: "attached"
        case .orphaned: "orphaned"
        case .waiting: "waiting"
        case .backingOff: "backing off"
        case .fetching(let reason): "fetching \(reason)"
        case .verifying(.server(let reason)): "verifying \(reason)"
        case .verifying(.phone(let parent)): "verifying from \(Self.text(parent))"
        case .writing: "writing"
        case .lingering: "lingering"
        case .serving: "serving"
        case .applying: "applying"
        }
    }

    func expectStage(_ expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(stage == expected, "at \(milliseconds) ms", sourceLocation: sourceLocation)
    }

    func expectNote(_ note: PeerNote, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(notes.contains(note), sourceLocation: sourceLocation)
    }
}

// MARK: Effects as text

extension Timetable {
    private static func text(_ address: IPv4Address) -> String { ".\(address.bits & 0xFF)" }

    private static func text(_ effect: PeerEffect) -> String {
        switch effect {
        case .broadcast(let message, let file, after: _): named(file) + text(message)
        case .send(let message, let file, to: let other):
            named(file) + "send \(text(message)) to \(text(other))"
        case .close(let file, let other): named(file) + "close \(text(other))"
        case .fetch(let file, let reason): named(file) + "fetch \(reason)"
        case .upload(let file, to: let other): named(file) + "upload to \(text(other))"
        case .endUpload(let file, to: let other): named(file) + "end upload to \(text(other))"
        case .verify(let file): named(file) + "verify"
        case .write(let file): named(file) + "write"
        case .apply: "apply"
        case .participation(let file, let isIn): named(file) + (isIn ? "enter" : "leave")
        case .obtained(let file, from: let source):
            named(file) + "obtained from " + (source.map { text($0) } ?? "server")
        case .stopped(let reason): "stopped \(reason.rawValue)"
        case .wake, .note: ""
        }
    }

    /// Nothing for the first file, so that a test of one file reads plainly.
    private static func named(_ file: FileNumber) -> String {
        file.index == 0 ? "" : "file \(file.index) "
    }

    private static func text(_ message: PeerMessage) -> String {
        switch message {
        case .claim(let claim):
            claim.strength == strength
                ? "claim \(claim.advertisement)" : "claim of another strength"
        case .confirmed(let claim):
            (claim.strength == strength | confirmed ? "root" : "root of another strength")
                + (claim.fetchBegun ? " fetching" : "")
        case .offer: "offer"
        case .failed(let reason): "failed \(reason.rawValue)"
        case .join: "join"
        case .accept(let position): "accept \(position.depth) below \(text(position.root))"
        case .refuse(redirect: let other): "refuse" + (other.map { " try \(text($0))" } ?? "")
        case .hold(let position): "hold \(position.depth) below \(text(position.root))"
        case .rootless: "rootless"
        case .dissolve: "dissolve"
        case .complete: "complete"
        case .bye: "bye"
        }
    }
}

// MARK: Phones that have come some way

extension Timetable {
    /// A phone that asks .20, whose claim it heard as that of a confirmed root, for a place; the time
    /// is 526.03 ms.
    static func joining(files: Int = 1) throws -> Timetable {
        let phone = Timetable()
        try phone.start(files: files)
        phone.expect("enter")
        phone.hearRoot(from: 20)
        phone.at(526, 30)
        phone.expect("send join to .20")
        return phone
    }

    /// A phone below .20 at 526.03 ms, with the children named.
    static func member(children: [UInt32] = [], files: Int = 1) throws -> Timetable {
        let phone = try joining(files: files)
        phone.receiveAccept(from: 20)
        phone.expect()
        for child in children {
            phone.receiveJoin(from: child)
            phone.expect("send accept 1 below .20 to .\(child)")
        }
        phone.expectStage("attached")
        return phone
    }

    /// A confirmed root whose fetch began at 1776.03 ms, because the children named filled it.
    static func fetchingRoot(children: [UInt32] = [30, 40], files: Int = 1) throws -> Timetable {
        let phone = Timetable()
        try phone.start(files: files)
        phone.expect("enter")
        phone.at(526, 30)
        phone.expect("claim 0")
        for advertisement in 1...4 {
            phone.at(526 + 250 * Int64(advertisement), 30)
            phone.expect("claim \(advertisement)")
        }
        phone.at(1_776, 30)
        phone.expect("root")
        for child in children { phone.receiveJoin(from: child) }
        phone.expectAmong("fetch root")
        return phone
    }

    /// Takes the present file from the parent .20 and ends before it is written.
    func takeFromParent(file: Int = 0) {
        let name = file == 0 ? "" : "file \(file) "
        give(.fileArrived)
        expect(name + "verify")
        give(.verified(true))
        expectAmong(name + "obtained from .20", name + "send complete to .20", name + "write")
    }
}
