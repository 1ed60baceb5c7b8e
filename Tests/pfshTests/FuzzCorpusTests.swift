// The seeds of the fuzzer, replayed: each parser takes each of its seeds, and every beginning of it, and
// keeps what it promises.

import FuzzTargets
import NetIO
import Testing

@Suite("Fuzzing corpora") struct FuzzCorpusTests {
    @Test(
        "every seed, whole and cut, keeps what its parser promises",
        arguments: FuzzTarget.allCases
    )
    func replay(_ target: FuzzTarget) throws {
        let folder = "Fuzzing/corpus/\(target.rawValue)"
        let names = Repository.files(in: folder, suffix: "")
        let seeds = names.filter { !$0.hasPrefix(".") }
        #expect(seeds.count >= 3, "\(folder) has too few seeds")
        for name in seeds {
            let bytes = try FileStore.read(
                "\(Repository.root)/\(folder)/\(name)",
                limitBytes: 1 << 20
            )
            target.run(bytes)
            // At most some 200 cuts of each, so that a large seed takes no longer than a small one.
            let step = max(1, bytes.count / 200)
            for length in stride(from: 0, to: bytes.count, by: step) {
                target.run(Array(bytes[..<length]))
            }
        }
    }
}
