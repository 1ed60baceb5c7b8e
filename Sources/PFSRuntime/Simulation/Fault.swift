// What can be made to go wrong in a world: each kind declared once, with its name, what it bears on, its
// mark and its help. Commands, documents, tables and tests are made from this. How a fault is carried out
// is the kernel's; where and when it applies is its scope's.

/// What carries messages between phones on port 4051.
public enum FaultTransport: String, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// Broadcasts.
    case udp
    /// Links between parents and children, and the files that go over them.
    case tcp
}

/// What a fault bears on, and so how its scope is told.
public enum FaultSubject: BitwiseCopyable, Hashable, Sendable {
    /// Messages and files between phones.
    case messages
    /// Everything between some phones and others.
    case paths
    /// Phones themselves.
    case phones
    /// A server.
    case servers
}

/// One thing that is wrong, with its number if it has one.
///
/// A value: where it applies, how often and how long is told by a `FaultOrder`.
public enum Fault: BitwiseCopyable, Hashable, Sendable {
    // Messages
    /// What is hit is lost; over a link TCP sends it again.
    case drop
    /// What is hit arrives this much later.
    case delay(Interval)
    /// What is hit arrives later by a random time up to this.
    case jitter(Interval)
    /// Nothing on the way: a port is closed to all of one transport.
    case block(FaultTransport)
    /// Nothing passes from some phones to others.
    case partition
    /// Phones reach no other phone, only servers.
    case isolate
    // Phones
    /// Without power until it is healed; what was fetched of a new load is lost.
    case crash
    /// Hangs until it is healed: hears nothing, does nothing.
    case freeze
    /// Restarts at once.
    case reboot
    // Servers
    /// Answers nothing.
    case serverDown
}

/// A kind of fault, as it is declared.
public enum FaultKind: String, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    // The raw values are the words of commands and tables.
    /// `Fault.drop`.
    case drop
    /// `Fault.delay`.
    case delay
    /// `Fault.jitter`.
    case jitter
    /// `Fault.block`.
    case block
    /// `Fault.partition`.
    case partition
    /// `Fault.isolate`.
    case isolate
    /// `Fault.crash`.
    case crash
    /// `Fault.freeze`.
    case freeze
    /// `Fault.reboot`.
    case reboot
    /// `Fault.serverDown`.
    case serverDown = "server-down"
}

/// What is declared of a kind of fault.
public struct FaultDeclaration: Sendable {
    /// What it bears on.
    public let subject: FaultSubject
    /// What its number means, such as "how much later"; nil when it has none.
    public let parameter: String?
    /// How well it is known that real networks and phones do this in this way.
    public let mark: Mark
    /// One line: what it does.
    public let help: String
}

extension FaultKind {
    /// All that is known of the kind.
    public var declaration: FaultDeclaration {
        switch self {
        case .drop:
            .modelled(.messages, "lose messages; over a link TCP sends them again")
        case .delay:
            .modelled(.messages, "let messages arrive later", parameter: "how much later")
        case .jitter:
            .modelled(
                .messages,
                "let messages arrive later at random",
                parameter: "at most so much"
            )
        case .block:
            FaultDeclaration(
                subject: .messages,
                parameter: "udp or tcp",
                mark: .derived,
                help: "close port 4051 to broadcasts or to links"
            )
        case .partition: .modelled(.paths, "let nothing pass from some phones to others")
        case .isolate:
            FaultDeclaration(
                subject: .phones,
                parameter: nil,
                mark: .derived,
                help: "let phones reach servers only, as a private VLAN does"
            )
        case .crash: .modelled(.phones, "cut the power")
        case .freeze: .modelled(.phones, "let phones hang")
        case .reboot: .modelled(.phones, "restart phones at once")
        case .serverDown: .modelled(.servers, "let a server answer nothing")
        }
    }
}

extension FaultDeclaration {
    fileprivate static func modelled(
        _ subject: FaultSubject,
        _ help: String,
        parameter: String? = nil
    ) -> FaultDeclaration {
        FaultDeclaration(subject: subject, parameter: parameter, mark: .modelled, help: help)
    }
}

extension Fault {
    /// Its kind.
    public var kind: FaultKind {
        switch self {
        case .drop: .drop
        case .delay: .delay
        case .jitter: .jitter
        case .block: .block
        case .partition: .partition
        case .isolate: .isolate
        case .crash: .crash
        case .freeze: .freeze
        case .reboot: .reboot
        case .serverDown: .serverDown
        }
    }

    /// Whether it is over as soon as it has happened.
    public var isMomentary: Bool {
        switch self {
        case .reboot: true
        case .drop, .delay, .jitter, .block, .partition, .isolate, .crash, .freeze, .serverDown:
            false
        }
    }

    /// Whether it can keep or change what phones say to each other.
    var touchesMessages: Bool {
        switch self {
        case .drop, .delay, .jitter, .block, .partition, .isolate, .freeze: true
        case .crash, .reboot, .serverDown: false
        }
    }
}
