// Where, how often and how long a fault applies. A scope is told once, when the fault begins; the phones
// in it are those that were named then.

/// Some phones of a world.
public struct PhoneSet: Hashable, Sendable {
    /// Whether all phones are in it, those made later too.
    public let isEveryone: Bool
    /// Bits by number.
    private var bits: [UInt64] = []
    /// The phones, in the order of their numbers; empty where everyone is in it.
    public let phones: [PhoneNumber]

    /// All phones, those made later too.
    public static let everyone = PhoneSet(everyone: ())

    private init(everyone: Void) {
        isEveryone = true
        phones = []
    }

    /// These phones.
    public init(_ phones: [PhoneNumber]) {
        isEveryone = false
        self.phones = phones.sorted()
        guard let last = self.phones.last else { return }
        bits = Array(repeating: 0, count: Int(last.index) / 64 + 1)
        for phone in phones { bits[Int(phone.index) / 64] |= 1 << (UInt64(phone.index) % 64) }
    }

    /// Whether a phone is in it.
    public func contains(_ phone: PhoneNumber) -> Bool {
        if isEveryone { return true }
        let word = Int(phone.index) / 64
        return word < bits.count && bits[word] & 1 << (UInt64(phone.index) % 64) != 0
    }
}

/// Where a fault applies.
public enum FaultPlace: Hashable, Sendable {
    /// Everywhere.
    case everywhere
    /// In a subnet, by its index.
    case subnet(Int)
    /// At these phones; of messages: from them or to them.
    case phones(PhoneSet)
    /// Between the first phones and the second; one way: only from the first to the second.
    case link(PhoneSet, PhoneSet, isOneWay: Bool)
    /// At a server, by its index.
    case server(Int)
}

extension FaultMessage {
    init(_ delivery: LinkDelivery) {
        self =
            switch delivery {
            case .message(let message): FaultMessage(message)
            case .file: .transfer
            case .reset: .reset
            }
    }
}

/// What of all that passes a place is hit.
public struct FaultScope: Hashable, Sendable {
    /// All of it.
    public static let wholeChance: Int64 = 1_000_000
    /// Where.
    public var place: FaultPlace
    /// Only messages of this kind.
    public var message: FaultMessage?
    /// Only what is about this file of a load, counted from 0.
    public var file: Int?
    /// Only this one of all that would be hit, counted from 1; a broadcast counts once.
    public var nth: Int?
    /// How likely one is hit, in parts per million.
    public var chancePartsPerMillion: Int64

    /// A scope; everywhere, everything and always where nothing is told.
    public init(
        place: FaultPlace = .everywhere,
        message: FaultMessage? = nil,
        file: Int? = nil,
        nth: Int? = nil,
        chancePartsPerMillion: Int64 = FaultScope.wholeChance
    ) {
        self.place = place
        self.message = message
        self.file = file
        self.nth = nth
        self.chancePartsPerMillion = chancePartsPerMillion
    }
}

/// A fault as it is ordered.
public struct FaultOrder: Hashable, Sendable {
    /// What goes wrong.
    public var fault: Fault
    /// Where and how often.
    public var scope: FaultScope
    /// How long, from now; nil: until it is healed.
    public var length: Interval?

    /// Orders a fault.
    public init(_ fault: Fault, _ scope: FaultScope = FaultScope(), for length: Interval? = nil) {
        self.fault = fault
        self.scope = scope
        self.length = length
    }
}

/// A fault of a world, on or over.
public struct FaultRecord: Hashable, Sendable {
    /// Its number, counted from 1; never given twice.
    public let number: Int
    /// What was ordered.
    public let order: FaultOrder
    /// When it began.
    public let since: Instant
    /// When it ends by itself; nil: only when it is healed.
    public let until: Instant?
    /// When it ended; nil while it is on.
    public internal(set) var endedAt: Instant?
    /// How often it hit something.
    public internal(set) var hits: UInt64 = 0

    /// What goes wrong.
    public var fault: Fault { order.fault }
    /// Where and how often.
    public var scope: FaultScope { order.scope }
}

/// Something that a fault hit.
public struct FaultHit: BitwiseCopyable, Hashable, Sendable {
    /// The number of the fault.
    public let fault: Int
    /// When.
    public let time: Instant
    /// The number of the event in which it hit: the same as a log line's cause.
    public let event: UInt64
    /// The phone that was hit, or that something did not reach as it should.
    public let phone: PhoneNumber
    /// The phone at the other end; nil when there is none.
    public let other: PhoneNumber?
    /// What was on its way; nil when the phone itself was hit.
    public let message: FaultMessage?
    /// The file that it was about, or none.
    public let file: FileNumber
}
