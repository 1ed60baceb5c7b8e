// What a TAB changes and how candidates are listed, as values.

import CLineEdit
import Testing

@testable import pfsh

@Suite("Completion of a word")
struct CompletionTests {
    init() {
        line_edit_use_utf8()
    }

    private func edit(_ candidates: [Candidate], isFollowedByBlank: Bool = false) -> [String]? {
        CompletionEdit(candidates: candidates, isFollowedByBlank: isFollowedByBlank)
            .map { [String($0.removedCharacters), $0.inserted] }
    }

    @Test("the only candidate replaces the word and adds a blank where one is wanted")
    func only() {
        #expect(edit([Candidate("phones", replacing: "ph")]) == ["2", "phones "])
        #expect(
            edit([Candidate("phones", replacing: "ph")], isFollowedByBlank: true) == [
                "2", "phones",
            ]
        )
        #expect(edit([Candidate("dir/", replacing: "d", endsWord: false)]) == ["1", "dir/"])
        #expect(edit([Candidate("phones", replacing: "phones")]) == ["6", "phones "])
    }

    @Test("several candidates bring the line as far as they agree")
    func several() {
        let candidates = ["mil-10", "mil-1é", "mil-1電"].map { Candidate($0, replacing: "m") }
        #expect(edit(candidates) == ["1", "mil-1"])
        #expect(
            edit([Candidate("é1", replacing: ""), Candidate("é2", replacing: "")]) == ["0", "é"]
        )
    }

    @Test("nothing changes when the candidates agree on no more than is typed")
    func nothing() {
        #expect(edit([]) == nil)
        #expect(edit([Candidate("say", replacing: "s"), Candidate("show", replacing: "s")]) == nil)
        #expect(edit([Candidate("Say", replacing: "s"), Candidate("show", replacing: "s")]) == nil)
        #expect(edit([Candidate("a", replacing: ""), Candidate("xa", replacing: "x")]) == nil)
    }

    @Test("candidates without hints stand in columns that fit the screen")
    func columns() {
        let candidates = (1...7).map { Candidate("name-\($0)", replacing: "") }
        #expect(
            CandidateList.text(candidates, columns: 26, rows: 20) == """
                name-1  name-4  name-7
                name-2  name-5
                name-3  name-6

                """
        )
        #expect(CandidateList.text(candidates, columns: 5, rows: 20).hasPrefix("nam~\n"))
    }

    @Test("hints stand beside candidates, cut to the screen, and too many rows are counted")
    func hints() {
        let candidates = [
            Candidate("電話", hint: "a phone with a long explanation", replacing: ""),
            Candidate("b", hint: "short", replacing: ""), Candidate("c", replacing: ""),
        ]
        #expect(
            CandidateList.text(candidates, columns: 24, rows: 20)
                == "電話  a phone with a l~\nb     short\nc\n"
        )
        #expect(
            CandidateList.text(candidates, columns: 24, rows: 2)
                == "電話  a phone with a l~\n... and 2 more lines: type more of the word\n"
        )
    }
}
