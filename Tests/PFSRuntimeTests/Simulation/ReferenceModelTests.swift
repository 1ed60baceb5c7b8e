// PFS-M1 against the numbers that independent programs in C, C++ and Python gave for it.

import Foundation
import Testing

@testable import PFSRuntime

@Suite("The reference model PFS-M1")
struct ReferenceModelTests {
    @Test("one phone alone becomes root and completes")
    func onePhone() {
        let result = PFSM1.run(phoneCount: 1)
        #expect(result.root == 0 && result.depth == 0 && result.completed == 1)
        #expect(result.last == result.sum)
        // BOOT, LISTEN_END, five TICK, START, six WAN_DONE, six HAVE, REBOOT; nobody hears it.
        #expect(result.events == 21 && result.broadcasts == 6)
    }

    @Test("1,000 phones give the golden numbers")
    func thousand() {
        let expected = PFSM1.Result(
            events: 38_986,
            root: 695,
            broadcasts: 15,
            depth: 9,
            last: 2_858_295_886_584,
            sum: 2_858_198_638_584_000,
            completed: 1_000
        )
        #expect(PFSM1.run(phoneCount: 1_000) == expected)
    }

    @Test("10,000 phones give the golden numbers")
    func tenThousand() {
        let expected = PFSM1.Result(
            events: 383_630,
            root: 8_710,
            broadcasts: 11,
            depth: 13,
            last: 2_858_110_239_900,
            sum: 28_579_530_975_000_000,
            completed: 10_000
        )
        #expect(PFSM1.run(phoneCount: 10_000) == expected)
    }

    @Test(
        "100,000 phones, many of them at the same nanosecond, give the golden numbers",
        .enabled(if: ProcessInfo.processInfo.environment["PFSH_TEST_ALL"] != nil)
    )
    func hundredThousand() {
        let expected = PFSM1.Result(
            events: 5_868_945,
            root: 24_466,
            broadcasts: 28,
            depth: 16,
            last: 2_858_799_612_550,
            sum: 285_867_380_071_000_000,
            completed: 100_000
        )
        #expect(PFSM1.run(phoneCount: 100_000) == expected)
    }
}
