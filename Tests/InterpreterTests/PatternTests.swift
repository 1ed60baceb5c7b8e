// Regular expressions: what each form matches, what is refused, that no expression explodes, and that
// random ones match as the engine of the standard library says.

import Foundation
import Testing

@testable import Interpreter

struct PatternTests {
    @Test(
        "a form matches what it says",
        arguments: [
            ("", "", true), ("", "a", true), ("b", "abc", true), ("d", "abc", false),
            ("a.c", "abc", true), ("a.c", "a\nc", false), ("^b", "ab", false),
            ("^ab$", "ab", true), ("b$", "abc", false), ("a|b", "xb", true),
            ("a|", "x", true), ("(ab)+c", "ababc", true), ("(ab)+c", "abac", false),
            ("^a{2}$", "aa", true), ("^a{2}$", "aaa", false), ("^a{2,}$", "aaa", true),
            ("^a{1,2}$", "aaa", false), ("a{,2}", "a{,2}", true), ("^a??b", "ab", true),
            ("[a-c]", "b", true), ("[^a-c]", "b", false), ("[]a]", "]", true),
            ("[a-]", "-", true), ("[\\d-]", "-", true), ("[\\]]", "]", true),
            ("\\d+", "x42", true), ("\\D", "42", false), ("\\w", "é", true), ("\\W", "_", false),
            ("\\s", "a\tb", true), ("\\S", " ", false), ("\\bcat\\b", "a cat.", true),
            ("\\bcat\\b", "concat", false), ("\\Bcat", "concat", true), ("\\Aa\\z", "a", true),
            ("(?i)root", "ROOT", true), ("(?i:r)oot", "ROOT", false), ("(?i)é", "É", true),
            ("(?i)[a-z]", "Q", true), ("(?:a|b)c", "bc", true), ("\\.", "a", false),
            ("\\u{E9}", "é", true), ("a\\tb", "a\tb", true), ("(a*)*b", "aab", true),
            ("(|a)+b", "b", true), ("((a?){3}){3}$", "aaaa", true), ("}", "}", true),
        ]
    )
    func form(_ pattern: String, _ text: String, _ matches: Bool) throws {
        #expect(try Pattern(pattern).matches(text) == matches)
    }

    @Test(
        "what is no regular expression is refused",
        arguments: [
            ("(", "not closed"), (")", "closes nothing"), ("[a", "not closed"), ("*", "nothing"),
            ("a|+", "nothing"), ("a**", "repetition of a repetition"), ("a{2}{3}", "repetition"),
            ("a{3,2}", "is empty"), ("a{1001}", "up to 1000"), ("a{99999999999999999999}", "1000"),
            ("\\1", "no `\\1`"), ("(?=a)", "there are"), ("[b-a]", "a range"), ("\\", "at its end"),
            ("[[:alpha:]]", "no `[:`"), ("\\u{110000}", "no such character"), ("\\q", "no `\\q`"),
            ("((a{100}){100})", "more than 2000 parts"), ("((){1000}){1000}", "more than 2000"),
        ]
    )
    func refused(_ pattern: String, _ reason: String) {
        do throws(Diagnostic) {
            _ = try Pattern(pattern)
            Issue.record("it was taken")
        } catch {
            #expect(error.message.contains(reason), "\(error.message)")
        }
    }

    @Test("no expression explodes: the hardest known take no longer than their size says")
    func bounded() throws {
        let text = String(repeating: "a", count: 20_000)
        let clock = ContinuousClock()
        let taken = try clock.measure {
            for pattern in ["(a+)+b", "(a|a)*b", "(a*)*b", "(.*)(.*)(.*)b", "a?a{20}(a|aa)+b"] {
                let compiled = try Pattern(pattern)
                #expect(!compiled.matches(text))
            }
            let wide = String(repeating: "(x+x+)+y|", count: 20)
            let compiled = try Pattern(wide + "z")
            #expect(!compiled.matches(text))
        }
        #expect(taken < .seconds(60))
    }

    @Test("a regular expression has parts up to the limit")
    func parts() throws {
        // One part for the sequence, the repetition and the letter each time, one for the match.
        let most = Limits.patternSteps
        var fits = 0
        for count in stride(from: 1, through: PatternReader.mostRepetitions, by: 1)
        where (try? Pattern("(?:ab){\(count)}")) != nil {
            fits = count
        }
        #expect(fits > most / 4 && fits < PatternReader.mostRepetitions)
        #expect(throws: Diagnostic.self) { try Pattern("(?:ab){\(fits + 1)}") }
    }

    @Test("random expressions match as the standard library's do", arguments: Seeds.all)
    func random(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var seen = (matched: 0, unmatched: 0)
        let again = Seeds.repeating(seed, "PatternTests")
        for _ in 0..<Seeds.rounds {
            let text = expression(&generator, depth: 3)
            let pattern = try Pattern(text)
            let regex = try Regex(text)
            for _ in 0..<4 {
                let subject = (0..<generator.below(7)).map { _ in
                    generator.pick(["a", "b", "c", "1", " "])
                }.joined()
                let expected = subject.contains(regex)
                if expected { seen.matched += 1 } else { seen.unmatched += 1 }
                try #require(
                    pattern.matches(subject) == expected,
                    "/\(text)/ and \"\(subject)\" \(again)"
                )
            }
        }
        #expect(seen.matched > 0 && seen.unmatched > 0)
    }

    private func expression(_ generator: inout SeededGenerator, depth: Int) -> String {
        switch generator.below(depth > 0 ? 9 : 4) {
        case 0, 1: return generator.pick(["a", "b", "c", "1", " ", "."])
        case 2: return generator.pick(["[ab]", "[^a]", "[a-c1]", "\\d", "\\w", "\\s", "\\D"])
        case 3: return generator.pick(["^", "$", "a", "b"])
        case 4:
            return "(\(expression(&generator, depth: depth - 1)))"
                + generator.pick(["*", "+", "?", "{2}", "{1,2}", "{0,3}", "{1,}", "*?"])
        case 5:
            return "(?:" + expression(&generator, depth: depth - 1) + "|"
                + expression(&generator, depth: depth - 1) + ")"
        default:
            return expression(&generator, depth: depth - 1)
                + expression(&generator, depth: depth - 1)
        }
    }
}
