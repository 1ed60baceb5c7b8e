// The rules by which phones decide, each declared once with its text and its mark: what `why` cites and
// what docs/time-travel.md lists. docs/protocol.md tells the same story at length.

/// A rule of the protocol, or of the world around it, that a phone's step follows.
public enum ProtocolRule: String, CaseIterable, Sendable {
    /// Reading the configuration.
    case start
    /// Not taking part.
    case alone
    /// Listening before claiming.
    case listen
    /// Claiming.
    case claim
    /// Giving way to a stronger claim.
    case yield
    /// Waiting for the stronger to be confirmed.
    case patience
    /// Listening again after a failed try.
    case listenAgain = "listen-again"
    /// Being barred from claiming.
    case barred
    /// Becoming confirmed root.
    case confirm
    /// Two roots meet.
    case settle
    /// The root's wait for children.
    case wait
    /// The root's fetch.
    case rootFetch = "root-fetch"
    /// Asking for a place.
    case join
    /// Being taken in.
    case accept
    /// Being sent on.
    case redirect
    /// No answer to a Join.
    case joinPatience = "join-patience"
    /// Losing a parent or child.
    case linkLost = "link-lost"
    /// Seeking as head of a subtree.
    case orphan
    /// Giving a subtree up.
    case dissolve
    /// Offering a file.
    case offer
    /// Receiving a file.
    case forward
    /// Checking a file.
    case verify
    /// Writing a file.
    case write
    /// Falling back.
    case fallback
    /// The root's fetch timed out.
    case resign
    /// The server does not have the file.
    case refused
    /// Serving on when done.
    case linger
    /// Activating the load.
    case apply
    /// Being called off.
    case cancel
    /// Giving others the load that it runs.
    case serve
    /// Doing what a known bug says.
    case knownBug = "known-bug"

    /// What the rule says, in one sentence without a full stop.
    public var text: String {
        switch self {
        case .start:
            "a phone reads its configuration when it restarts, and fetches the load named there"
        case .alone: "a phone that does not take part fetches every file from the server by itself"
        case .listen: "a phone listens for 500 ms before it claims"
        case .claim:
            "a phone that heard nothing stronger claims to be root, and repeats it every 250 ms"
        case .yield: "the stronger claim wins; a phone that hears one seeks its sender"
        case .patience: "a seeker that hears nothing as strong for 1 s has failed once"
        case .listenAgain:
            "after a failed try a phone listens again, up to 1 s longer, with a new draw"
        case .barred: "a root that resigned may not claim for 30 s"
        case .confirm: "with nothing stronger heard by the fifth tick a phone is confirmed root"
        case .settle:
            "of two confirmed roots the one that has begun to fetch stays, else the stronger"
        case .wait: "a root waits 10 s for children, less when both its slots are taken"
        case .rootFetch: "the root takes the file from the server by TFTP, or by HTTP"
        case .join: "a phone that hears a confirmed root or an offer asks its sender for a place"
        case .accept: "a phone with a free slot of its two takes in who asks"
        case .redirect: "a full parent names one of its children in turn, to be asked instead"
        case .joinPatience:
            "a Join that is not answered within 3 s, or is refused outright, has failed"
        case .linkLost:
            "a link is lost when it is reset, or after 6 s in which nothing came over it"
        case .orphan: "a phone that loses its parent keeps its subtree and seeks another root"
        case .dissolve: "a subtree that finds no root within 10 s dissolves, and all listen again"
        case .offer: "a phone that holds the file offers it when no root has been heard for 1 s"
        case .forward: "a phone that holds the whole verified file sends it to its children"
        case .verify: "whoever receives a file checks it before storing or forwarding it"
        case .write: "a verified file goes to flash; then the phone goes on to the next"
        case .fallback: "after the third failed try a phone waits up to 5 s and fetches by TFTP"
        case .resign: "a root whose server stops answering resigns, so that another may fetch"
        case .refused: "a file that no server gives ends the upgrade of all that wait for it"
        case .linger: "a phone that holds all files serves on until it has heard nothing for 10 s"
        case .apply: "with all files a phone reboots into the new load"
        case .serve:
            "with `serve-when-done` a phone gives the load that it runs to phones that want it"
        case .cancel: "an upgrade that is called off ends with code 20"
        case .knownBug:
            "a phone with a known bug does what the bug says in place of another rule"
        }
    }

    /// How well the rule is known.
    public var mark: Mark {
        switch self {
        case .start, .alone, .claim, .confirm, .rootFetch, .forward, .apply, .fallback, .refused,
            .serve:
            .attested
        case .listen, .wait: .derived
        case .yield, .patience, .listenAgain, .barred, .settle, .join, .accept, .redirect,
            .joinPatience, .linkLost, .orphan, .dissolve, .offer, .verify, .write, .resign, .linger,
            .cancel, .knownBug:
            .modelled
        }
    }

    /// What of an attested rule is a choice of the model; nil for none.
    public var remark: String? {
        switch self {
        case .fallback: "the count and the wait modelled"
        case .wait: "the early start modelled"
        case .claim: "the 250 ms derived"
        case .refused: "the codes attested, that all stop modelled"
        case .serve: "how, modelled"
        case .knownBug: "its headline attested"
        case .accept: "the two slots attested"
        default: nil
        }
    }

    /// The mark as a sentence cites it: `[attested; the count and the wait modelled]`.
    public var citation: String {
        remark.map { "[\(mark); \($0)]" } ?? "[\(mark)]"
    }

    /// All rules as a table in Markdown, for docs/time-travel.md.
    public static func table() -> String {
        "| rule | says | mark |\n| --- | --- | --- |\n"
            + allCases.map { rule in
                let mark = rule.remark.map { "\(rule.mark); \($0)" } ?? "\(rule.mark)"
                return "| \(rule.rawValue) | \(rule.text) | \(mark) |\n"
            }.joined()
    }
}
