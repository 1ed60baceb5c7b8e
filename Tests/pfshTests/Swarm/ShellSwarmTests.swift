// Random sessions at the prompt. Whatever is typed: the shell lives, what is refused has changed
// nothing, what must hold of every world holds, all that can be shown is shown, and the record of the
// session leads to the same world.

import Foundation
import Interpreter
import PFSRuntime
import Testing

@testable import pfsh

@Suite("Random sessions") struct ShellSwarmTests {
    /// Lines of a session.
    private static let lines = 60

    /// Seeds of the standard runs; PFSH_SEED runs that one alone, PFSH_TEST_ALL many more.
    static let seeds: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["PFSH_SEED"].flatMap(UInt64.init) { return [seed] }
        return Array(1...(environment["PFSH_TEST_ALL"] == nil ? 40 : 1_000))
    }()

    @Test("a refused line changes nothing, and the world stays sound", arguments: seeds)
    func session(seed: UInt64) throws {
        let folder = try TemporaryDirectory()
        let harness = ShellHarness(answersInJSON: seed % 2 == 0)
        let grammar = ShellRegistry.make().grammar
        var maker = CommandMaker(
            seed: seed,
            grammar: grammar,
            folder: folder.path,
            makesBlocks: seed % 4 == 0
        )
        var typed = ["subnet voice 10.4.0.0/24", "phones 4 model CP-7961G", "pfs enterprise on"]
        if seed % 3 > 0 { typed += ["push SCCP41.9-4-2SR1-1S to all", "run 4s"] }
        for line in typed { _ = harness.session.runRecorded(line, name: "", mode: .prompt) }
        var accepted = 0
        for _ in 0..<Self.lines {
            let (line, isSingle) = maker.line(in: harness.session.host.world)
            typed.append(line)
            let before = WorldPicture(harness.session.host.world)
            let text = harness.text.utf8.count
            let outcome = harness.session.runRecorded(line, name: "", mode: .prompt)
            let said = String(decoding: harness.text.utf8.dropFirst(text), as: UTF8.self)
            let comment = Comment(
                rawValue: "\(FuzzSeeds.command(seed, "ShellSwarmTests"))\n"
                    + typed.suffix(12).joined(separator: "\n") + "\n\(said.prefix(600))"
            )
            if outcome == .finished { accepted += 1 }
            if outcome != .finished, isSingle {
                check(refused: line, before, harness.session.host.world, comment)
            }
            if harness.session.answersInJSON {
                let object = try? JSONSerialization.jsonObject(with: Data(said.utf8))
                #expect(object is [String: Any], comment)
            } else if case .failed = outcome {
                #expect(said.contains("error") || said.contains("failed"), comment)
            }
            checkSound(harness.session.host.world, comment)
        }
        #expect(accepted > 3 && accepted < Self.lines, "seed \(seed): \(accepted) accepted")
        try checkShows(harness, seed)
        checkRecord(harness, seed, typed)
    }

    /// Only time may have passed, and only where the line lets it.
    private func check(
        refused line: String,
        _ before: WorldPicture,
        _ world: World,
        _ comment: Comment
    ) {
        let after = WorldPicture(world)
        let word = line.prefix { $0 != " " }
        if ["run", "step", "expect"].contains(where: { $0.hasPrefix(word) }) {
            #expect(after.now >= before.now && after.eventCount >= before.eventCount, comment)
        } else {
            #expect(after == before, "\(after.difference(from: before))\n\(comment)")
        }
    }

    /// What holds of every world at every instant.
    private func checkSound(_ world: World, _ comment: Comment) {
        let present = world.phones
        #expect(Set(present.map { world.address(of: $0) }).count == present.count, comment)
        #expect(Set(present.map { world.identity($0).mac }).count == present.count, comment)
        for phone in present {
            let snapshot = world.snapshot(phone)
            let name = world.name(of: phone)
            #expect(world.phone(named: name) == phone, comment)
            let network = world.subnetDetails(snapshot.subnet).network
            #expect(network.holdsHost(snapshot.address), comment)
            #expect(snapshot.children.count <= 2, comment)
            #expect(!snapshot.children.contains(phone), comment)
            #expect(
                snapshot.receivedBytes >= 0 && snapshot.receivedBytes <= snapshot.fileBytes,
                comment
            )
            if let file = snapshot.fileIndex { #expect(file < snapshot.fileCount, comment) }
            if case .phone(let parent) = snapshot.source {
                #expect(parent != phone && world.subnet(of: parent) == snapshot.subnet, comment)
            }
            if let since = snapshot.outOfServiceSince { #expect(since <= world.now, comment) }
        }
        let counts = world.fetchCounts
        let parts =
            counts.first + counts.fallbacks + counts.refetches + counts.secondRoots + counts.alone
        #expect(counts.total == parts, comment)
    }

    /// All that shows the world can show it.
    private func checkShows(_ harness: ShellHarness, _ seed: UInt64) throws {
        let session = harness.session
        var shows = [
            "show phones", "show sites", "show server", "show tree", "show log last 50", "clock",
        ]
        for phone in session.host.world.phones.prefix(6) {
            let name = session.host.world.name(of: phone)
            shows += ["phone", "pfs", "screen", "files"].map { "show \($0) \(name)" }
        }
        for show in shows {
            let result = harness.run(show)
            // A tree needs a file on its way.
            guard show != "show tree" else { continue }
            let again = FuzzSeeds.command(seed, "ShellSwarmTests")
            #expect(result.status == 0, "\(again)\n\(show)\n\(result.text)")
        }
    }

    /// The record of the session leads to the same world.
    private func checkRecord(_ harness: ShellHarness, _ seed: UInt64, _ typed: [String]) {
        let notebook = harness.session.host.notebook
        guard !notebook.isIncomplete else { return }
        let world = harness.session.host.world
        let script = notebook.script(seed: nil)
        let again = ShellHarness()
        let result = again.run(script)
        let comment = Comment(
            rawValue: "\(FuzzSeeds.command(seed, "ShellSwarmTests"))\n\(script)\n\(result.text)"
                + "\ntyped:\n\(typed.joined(separator: "\n"))"
        )
        #expect(result.status == 0, comment)
        let (replayed, original) = (WorldPicture(again.session.host.world), WorldPicture(world))
        #expect(replayed == original, "\(replayed.difference(from: original))\n\(comment)")
    }
}

/// All that can be seen of a world, to compare two.
struct WorldPicture: Equatable {
    let now: Instant
    let eventCount: UInt64
    let fingerprint: UInt64
    private let settings: [String]
    private let phones: [String]

    init(_ world: World) {
        now = world.now
        eventCount = world.eventCount
        fingerprint = world.fingerprint
        settings = [
            "\(world.seed)", "\(world.cucm)", "\(world.wallClock)", "\(world.profiles)",
            "\(String(describing: world.enterpriseSetting))", "\(world.deviceDefaults)",
            "\(world.pins)", "\(world.fetchCounts)", "\(world.catalog.loads.count)",
            "\(world.siteNames.indices.map { (world.siteNames[$0], world.siteDetails($0)) })",
            "\(world.subnetNames.indices.map { (world.subnetNames[$0], world.subnetDetails($0)) })",
        ]
        phones = world.phones.map { phone in
            "\(world.identity(phone)) \(world.snapshot(phone)) \(world.configuredLoad(phone)) "
                + "\(world.sharingDecision(phone)) \(world.configurationIsPending(phone))"
        }
    }

    /// What is unlike another, line by line.
    func difference(from other: WorldPicture) -> String {
        zip(lines, other.lines).filter { $0 != $1 }.map { "+ \($0)\n- \($1)" }
            .joined(separator: "\n")
    }

    private var lines: [String] {
        ["now \(now)", "events \(eventCount)", "fingerprint \(fingerprint)"] + settings
            + ["\(phones.count) phones"] + phones
    }
}
