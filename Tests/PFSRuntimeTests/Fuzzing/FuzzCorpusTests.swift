// The corpora of the fuzz targets: every file in them, and every beginning of the small ones. What
// libFuzzer once found is among them and stays found.

import Foundation
import FuzzTargets
import Testing

@Suite("Fuzz targets")
struct FuzzCorpusTests {
    private static let corpus = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "FuzzTargets/Corpus")

    private func files(_ target: FuzzTarget) throws -> [URL] {
        let folder = Self.corpus.appending(path: target.rawValue)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return names.sorted().map { folder.appending(path: $0) }
    }

    @Test(
        "every file of the corpus, and what is left when it is cut, is taken",
        arguments: FuzzTarget.allCases
    )
    func replay(_ target: FuzzTarget) throws {
        let files = try files(target)
        #expect(files.count >= 3, "\(target.rawValue) has no corpus")
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            target.run(bytes)
            for count in 0..<min(bytes.count, 700) { target.run(Array(bytes.prefix(count))) }
        }
    }

    @Test("every folder of the corpus is a target's")
    func folders() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
        #expect(names.sorted() == FuzzTarget.allCases.map(\.rawValue).sorted())
    }
}
