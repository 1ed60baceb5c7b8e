// The arguments that all faults of messages share: where, which, how often, how long.

import Interpreter
import PFSRuntime

/// A kind of message as an argument.
struct FaultMessageArgument: ArgumentType {
    let message: FaultMessage

    static var argumentKind: ArgumentKind {
        .choice(
            "MESSAGE",
            FaultMessage.allCases.map { Choice($0.rawValue, help: $0.help) },
            phrase: "a kind of message"
        )
    }

    static func decode(_ argument: Argument) throws(Diagnostic) -> FaultMessageArgument {
        guard let message = FaultMessage(rawValue: argument.text) else {
            throw argument.error("expected \(argumentKind.phrase), not `\(argument.text)`")
        }
        return FaultMessageArgument(message: message)
    }
}

extension FaultMessage {
    /// What it is, as half a sentence.
    var help: String {
        switch self {
        case .claim: "a claim to be root"
        case .confirmed: "a confirmed root's advertisement"
        case .offer: "a holder's offer"
        case .failed: "a root's word that the file cannot be had"
        case .join: "a request for a place"
        case .accept: "a place granted"
        case .refuse: "no place, or another phone to ask"
        case .hold: "the word that a link is alive"
        case .rootless: "the word that a subtree has lost its root"
        case .dissolve: "the word that a subtree is given up"
        case .complete: "a child's word that it has the file"
        case .bye: "the word that a phone leaves"
        case .transfer: "a whole file from a parent to a child"
        case .reset: "the end of a link"
        }
    }
}

/// Where a fault of messages applies, as it is told.
struct FaultPlaceArguments {
    var within: Selection?
    var from: Selection?
    var to: Selection?
    var between: Selection?
    var and: Located<Selection>?

    /// The place; a contradiction is refused.
    func place() throws(Diagnostic) -> FaultPlace {
        let ways = [within != nil, from != nil || to != nil, between != nil || and != nil]
        guard ways.count(where: { $0 }) <= 1 else {
            throw Diagnostic(
                "a place is told by `in`, by `from` and `to`, or by `between` and `and`"
            )
        }
        if let within { return .phones(within.set) }
        if from != nil || to != nil {
            return .link(from?.set ?? .everyone, to?.set ?? .everyone, isOneWay: true)
        }
        switch (between, and) {
        case (nil, nil): return .everywhere
        case (.some(let first), .some(let second)):
            return .link(first.set, second.node.set, isOneWay: false)
        case (.some, nil): throw Diagnostic("`between` needs `and` too")
        case (nil, .some(let second)):
            throw Diagnostic("`and` needs `between` in front of it", at: second.range)
        }
    }
}

extension Selection {
    /// The selected phones as a set.
    var set: PhoneSet { PhoneSet(phones) }
}

/// Which of the messages that pass a place are hit, as it is told.
struct FaultChoiceArguments {
    var message: FaultMessageArgument?
    var file: Located<Int>?
    var nth: Located<Int>?
    var chance: Located<PercentArgument>?

    func apply(to scope: inout FaultScope) throws(Diagnostic) {
        scope.message = message?.message
        if let file {
            guard (1...UpgradeJob.fileLimit).contains(file.node) else {
                let error = WorldError.noSuchFile(number: file.node, count: UpgradeJob.fileLimit)
                throw Diagnostic(error.description, at: file.range)
            }
            scope.file = file.node - 1
        }
        if let nth {
            guard nth.node >= 1 else {
                throw Diagnostic("expected a count of 1 or more", at: nth.range)
            }
            scope.nth = nth.node
        }
        if let chance {
            guard (0...FaultScope.wholeChance).contains(chance.node.partsPerMillion) else {
                throw Diagnostic("a chance is from 0% to 100%", at: chance.range)
            }
            scope.chancePartsPerMillion = chance.node.partsPerMillion
        }
    }
}
