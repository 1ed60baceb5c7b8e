// Two runs side by side, and the story of one: what counts as another story, and what does not.

import Glibc
import Interpreter
import Testing

@testable import pfsh

@Suite("Runs compared") struct RunComparisonTests {
    private let folder = "/tmp/pfsh-runs-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

    private static let world = """
        site branch wan 1.544Mbps rtt 20ms
        subnet voice 10.4.0.0/24 site branch
        phones 4 model CP-7961G subnet voice
        pfs enterprise on
        firmware define SCCP41.9-9-9TEST sizes 648B,100KB
        set parameter start-spread 0s
        pin P1 strength 7ffffffe

        """
    private static let push = "push SCCP41.9-9-9TEST to all\nrun until idle\n"

    /// Runs a world and saves its log under a name.
    private func save(
        _ name: String,
        seed: UInt64 = 1,
        _ before: String = "",
        log: String = "show log"
    ) {
        let script = Self.world + before + "\n" + Self.push + "\(log) | save \(folder)/\(name)"
        let result = ShellHarness(seed: seed).run(script)
        #expect(result.status == 0, "\(result.text)")
    }

    private func inFolder(_ body: () throws -> Void) rethrows {
        #expect(Process.run("mkdir \(folder)").status == 0)
        defer { _ = Process.run("rm -r \(folder)") }
        try body()
    }

    private func compare(_ words: String) -> String {
        let shell = ShellHarness()
        let result = shell.run("compare runs \(words)".replacing("DIR", with: folder))
        #expect(result.status == 0, "\(result.text)")
        return result.text
    }

    @Test("the story of a run counts roots, fetches, files of peers and loads")
    func story() {
        let result = ShellHarness().run(Self.world + Self.push + "show story")
        #expect(result.status == 0)
        for line in [
            "phones         4\n", "roots          2 P1\n", "depth          within 2\n",
            "server fetches 2\n", "from peers     6\n", "not written    0\n",
            "loads          4 SCCP41.9-9-9TEST\n", "failed         nobody\n",
        ] {
            #expect(result.text.contains(line), "\(line) in \(result.text)")
        }
    }

    @Test("a run beside itself tells the same story, and every moment is the same")
    func itself() {
        inFolder {
            save("one")
            let text = compare("DIR/one DIR/one within 0s")
            #expect(text.hasSuffix("the same story\n"), "\(text)")
            #expect(text.contains("first: \(folder)/one\nsecond: \(folder)/one\n"))
            #expect(compare("DIR/one DIR/one | where phone != \"all\" | count") == "8\n")
        }
    }

    @Test("other moments and other children are no other story, and are said")
    func details() {
        inFolder {
            save("one")
            save("two", seed: 2, "set parameter write 3s")
            let text = compare("DIR/one DIR/two within 100ms")
            #expect(text.contains("the same story; otherwise "), "\(text)")
            #expect(text.contains("moment") && text.contains(" differ\n"), "\(text)")
            #expect(compare("DIR/one DIR/two | where story_differs == on | count") == "0\n")
        }
    }

    @Test("another root, another method and a phone that is missing are other stories")
    func otherStories() {
        inFolder {
            save("one")
            save("root", "pin P2 strength 7fffffff")
            let root = compare(
                "DIR/one DIR/root | where phone == \"P2\" and differs == \"method\" | count"
            )
            #expect(root == "2\n", "\(compare("DIR/one DIR/root"))")
            #expect(compare("DIR/one DIR/root").contains("2 P1"), "the roots of the first")
            save("alone", "pfs device P3 off")
            let alone = compare("DIR/one DIR/alone")
            #expect(alone.contains("method"), "\(alone)")
            #expect(alone.contains("between the stories"), "\(alone)")
            save("fewer", log: "show log P1,P2,P4")
            let fewer = compare(
                "DIR/one DIR/fewer | where differs == \"only in the first\" | count"
            )
            #expect(fewer == "2\n")
        }
    }

    @Test("a run in several files, one for each phone's console, is one run")
    func severalFiles() {
        inFolder {
            save("one")
            for phone in ["P1", "P2", "P3", "P4"] { save("\(phone).log", log: "show log \(phone)") }
            let parts = ["P1", "P2", "P3", "P4"].map { "DIR/\($0).log" }.joined(separator: ",")
            let text = compare("DIR/one \(parts)")
            #expect(text.contains("the same story"), "\(text)")
        }
    }

    @Test(
        "most phones have the parent in the log that they had in the world, and nobody is its own"
    )
    func parents() {
        inFolder {
            var (right, all) = (0, 0)
            for seed in [1, 2, 3, 4] as [UInt64] {
                let shell = ShellHarness(seed: seed)
                let script = """
                    subnet voice 10.4.0.0/24
                    phones 12 model CP-7961G
                    pfs enterprise on
                    set parameter start-spread 0s
                    push 9.4(2)SR1 to all
                    run until idle
                    show log | save \(folder)/log

                    """
                #expect(shell.run(script).status == 0)
                for phone in (1...12).map({ "P\($0)" }) {
                    let want = shell.run("show files \(phone) | columns from").text.words
                    let rows = "DIR/log DIR/log | where phone == \"\(phone)\""
                    let told = compare("\(rows) | columns from_first").words
                    #expect(!told.dropFirst().prefix(6).contains(phone))
                    for (one, two) in zip(want.dropFirst(), told.dropFirst()).prefix(6) {
                        all += 1
                        if one == two || (one == "tftp1" && two == "server") { right += 1 }
                    }
                }
            }
            #expect(all == 4 * 72 && right * 4 >= all * 3, "\(right) of \(all)")
        }
    }

    @Test("a log that cannot be read, or tells of nobody, is refused with its place")
    func refused() {
        inFolder {
            save("one")
            let missing = ShellHarness().run("compare runs \(folder)/one \(folder)/none")
            #expect(missing.status == 3 && missing.text.contains("none"), "\(missing.text)")
            let nobody = ShellHarness().run("compare runs \(folder)/one /dev/null")
            #expect(nobody.status == 2 && nobody.text.contains("tells of no phone"))
        }
    }
}

extension String {
    fileprivate var words: [String] { split { $0 == " " || $0 == "\n" }.map(String.init) }
}
