// Breaking things on purpose, and mending them: what a shell or a test says to a world about faults.

extension World {
    /// The longest delay, and the longest time that a fault lasts: 1 000 h; own choice.
    public static let faultLimit = Interval.seconds(3_600_000)

    /// The most that a slow server adds to a block: a minute; own choice, longer than a client's longest
    /// time-out.
    public static let serverSlownessLimit = Interval.seconds(60)
    /// How many times as long a slow disk may take: own choice.
    public static let slowDiskLimits = 2...1_000
    /// By how many parts per million a clock may be wrong: own choice, far beyond any clock that runs.
    public static let clockDriftLimits = 1...500_000

    /// Lets something go wrong from now on.
    ///
    /// Faults add up: what two would do to the same thing, both do. Throws, and nothing has changed, when
    /// the order names nothing, or what its kind cannot be about.
    @discardableResult
    public func inject(_ order: FaultOrder) throws(WorldError) -> FaultRecord {
        try check(order)
        if order.fault == .powerLoss {
            // What a phone runs that comes up in a recovery.
            registerLoad(catalog.unknownLoad)
            kernel.faults.noLoad = catalog.unknownLoad.rawValue
        }
        return kernel.begin(order)
    }

    /// Mends one fault; false when none of the number is on.
    @discardableResult
    public func heal(_ number: Int) -> Bool { kernel.end(number) }

    /// Mends all faults, and answers how many there were.
    @discardableResult
    public func healAll() -> Int {
        let numbers = faults.map(\.number)
        for number in numbers { kernel.end(number) }
        return numbers.count
    }

    /// The faults that are on, in the order in which they began.
    public var faults: [FaultRecord] { kernel.faults.active.map(\.record) }

    /// The faults that are over, in the order in which they ended: the last 1,000.
    public var endedFaults: [FaultRecord] { kernel.faults.ended }

    /// What faults hit, oldest first: the last 100,000.
    public var faultHits: [FaultHit] { kernel.faults.hitsInOrder }

    /// A fault of a number, on or over; nil when it is not known any more, or never was.
    public func fault(_ number: Int) -> FaultRecord? {
        faults.first { $0.number == number } ?? endedFaults.first { $0.number == number }
    }

    private func check(_ order: FaultOrder) throws(WorldError) {
        guard faults.count < FaultTable.activeLimit else {
            throw .tooManyFaults(limit: FaultTable.activeLimit)
        }
        if let length = order.length { try requireLength(length) }
        try checkNumber(order.fault)
        let scope = order.scope
        if order.fault.isOfBroadcastsOnly, let message = scope.message, !message.isBroadcast {
            throw .badFault(
                "over a link nothing arrives twice or out of order, TCP sees to it: only broadcasts do"
            )
        }
        guard (0...FaultScope.wholeChance).contains(scope.chancePartsPerMillion) else {
            throw .badFault("a chance is from 0% to 100%")
        }
        if let nth = scope.nth, nth < 1 { throw .badFault("things are counted from 1") }
        if let file = scope.file, !(0..<UpgradeJob.fileLimit).contains(file) {
            throw .noSuchFile(number: file + 1, count: UpgradeJob.fileLimit)
        }
        try checkPlace(order)
    }

    private func checkNumber(_ fault: Fault) throws(WorldError) {
        switch fault {
        case .delay(let length), .jitter(let length): try requireLength(length)
        case .serverSlow(let length):
            guard length > .zero, length <= Self.serverSlownessLimit else {
                throw .badFault("a server takes from 1ns to 1m longer for a block")
            }
        case .slowDisk(let times):
            guard Self.slowDiskLimits.contains(times) else {
                throw .badFault("a slow disk takes 2 to 1000 times as long")
            }
        case .clockDrift(let partsPerMillion):
            guard Self.clockDriftLimits.contains(abs(partsPerMillion)) else {
                throw .badFault("a clock is wrong by 1 to 500000 parts per million")
            }
        default: break
        }
    }

    private func checkPlace(_ order: FaultOrder) throws(WorldError) {
        let kind = order.fault.kind
        var isServer = false
        if case .server = order.scope.place { isServer = true }
        guard isServer == kind.declaration.subject.isServer else {
            throw .badFault(
                isServer
                    ? "\(kind.rawValue) is not about a server" : "\(kind.rawValue) needs a server"
            )
        }
        switch order.scope.place {
        case .server(let server):
            precondition((0..<serverCount).contains(server), "no server has this index")
        case .subnet(let subnet):
            precondition(subnetNames.indices.contains(subnet), "no subnet has this index")
        case .phones(let set):
            guard set.isEveryone || !set.phones.isEmpty else {
                throw .badFault("no phone is selected")
            }
        case .link(let first, let second, isOneWay: _):
            for set in [first, second] where !set.isEveryone && set.phones.isEmpty {
                throw .badFault("no phone is selected")
            }
        case .everywhere: break
        }
    }

    private func requireLength(_ length: Interval) throws(WorldError) {
        guard length > .zero, length <= Self.faultLimit else {
            throw .badFault("a time is from 1ns to 1000h")
        }
    }
}
