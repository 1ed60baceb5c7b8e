// The table of line kinds is reached by number. Decides that each number is the right one: a note of
// every case, with a few words of the form that its kind must have.

import Testing

@testable import PFSRuntime

struct PeerNoteKindTests {
    private static let address = IPv4Address(bits: 0x0A04_000B)

    /// One note of every case, in the order of the cases, and words of its form.
    private static let notes: [(PeerNote, String)] = [
        (.listeningTCP, "Listening on peer TCP"), (.openedUDP, "openUDPPort"),
        (.treeState(hasParent: false, first: false, second: false), "|parent="),
        (.sendingBroadcast, "sendBroadcastOffer"),
        (.claimed(transaction: 1, strength: 2), "map=<map>"), (.tickRanOut, "doTimeout"),
        (.timedOutClaiming(transaction: 1), "Timeout XID"),
        (.advertised(transaction: 1, number: 1), "TxBdcst Ad"),
        (.confirmedRoot, "bumping strength"), (.becameRoot(transaction: 1), "@@@HROOT"),
        (.fetchAfterWaiting(transaction: 1), "ROOT_WAITING TO"),
        (.fetchWhenFull(transaction: 1), "XfrCmd on FULL"),
        (.advertisedRoot(transaction: 1, fetchBegun: true), "Root(conf)"),
        (.heardStronger(from: address, strength: 1), "RxBdcst stronger"),
        (.heardWeaker(from: address, strength: 1), "RxBdcst weaker"),
        (.listensAgain, "Nothing stronger"), (.steppedDown(to: address), "Stepping down"),
        (.offered(transaction: 1), "Offer: has"), (.asksToJoin(address), "TxJoin"),
        (.accepted(by: address, depth: 1, transaction: 1), "@@@HCHILD"),
        (.refused(by: address, redirect: address), "RxRefuse FULL"),
        (.refusedOutright(by: address), "RxRefuse <address>"), (.joinFailed(address), "failed"),
        (.acceptedChild(address), "accepted"),
        (.refusedChild(address, redirect: address), "RxJoin"),
        (.childDone(address), "done"), (.childLost(address), "child <address> lost"),
        (.parentLost(address), "parent <address> lost"), (.dissolved, "dissolving"),
        (.sendsFile(to: address), "XfrCmd child"), (.fetchAlone, "TFTP RRQ"),
        (.fallsBack(tries: 3), "falling back"), (.fileReceived, "received"),
        (.fileVerified, "verified"), (.fileRejected, "verify failed"), (.fileWritten, "wrote"),
        (.fetchFailed(.notFound), "TFTP error"), (.stopped(.notFound), "upgrade stopped"),
        (.resigned, "Root resigned"), (.applies, "applying"), (.runs, "running"),
        (.faultBegan(1), "on:"), (.faultEnded(1), "off:"), (.faultHit(1, .claim), "hit"),
    ]

    @Test("every case of a note has its place in the table, and the table no place without a note")
    func places() {
        #expect(Self.notes.map(\.0.kindIndex) == Array(DLoadLineKind.all.indices))
    }

    @Test("the kind at a note's place has the note's words")
    func words() {
        for (note, words) in Self.notes {
            #expect(note.kind.form.contains(words), "\(note)")
        }
    }

    @Test("no two kinds have the same form")
    func distinctForms() {
        let forms = DLoadLineKind.all.map(\.form)
        for (index, form) in forms.enumerated() {
            #expect(forms.firstIndex(of: form) == index, "\(form)")
        }
    }
}
