// The interfaces of this machine: which there are, with which addresses, and whether phones can be
// attached to them.

import Glibc
public import PFSRuntime

/// One IPv4 address of an interface.
public struct InterfaceAddress: Hashable, Sendable {
    /// The interface's name, such as `eth0`.
    public let interface: String
    /// Its number for the system.
    public let index: Int
    /// The address.
    public let address: IPv4Address
    /// How many bits of it name the network.
    public let prefixLength: Int
    /// Whether the interface is up.
    public let isUp: Bool
    /// Whether it is the machine's loopback.
    public let isLoopback: Bool
    /// Whether it can broadcast.
    public let canBroadcast: Bool

    /// The network that the address is of.
    public var network: IPv4Network? {
        let mask = prefixLength == 0 ? 0 : ~UInt32(0) << UInt32(32 - prefixLength)
        return IPv4Network("\(IPv4Address(bits: address.bits & mask))/\(prefixLength)")
    }

    /// Why no phones can be attached to the interface; nil when they can.
    public var obstacle: String? {
        if !isUp { return "down" }
        if isLoopback { return nil }
        if !canBroadcast { return "cannot broadcast" }
        return prefixLength > 30 ? "no room for phones" : nil
    }
}

/// The interfaces of this machine.
public enum InterfaceTable {
    /// Every IPv4 address, in the order of the system.
    public static func addresses() -> [InterfaceAddress] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found: [InterfaceAddress] = []
        var next = list
        while let entry = next {
            next = entry.pointee.ifa_next
            guard let address = bits(entry.pointee.ifa_addr),
                let mask = bits(entry.pointee.ifa_netmask),
                let label = entry.pointee.ifa_name
            else { continue }
            let flags = Int32(bitPattern: entry.pointee.ifa_flags)
            found.append(
                InterfaceAddress(
                    // An alias is shown as `eth0:1`; the interface is what stands before.
                    interface: String(String(cString: label).prefix { $0 != ":" }),
                    index: Int(if_nametoindex(label)),
                    address: IPv4Address(bits: address),
                    prefixLength: mask.nonzeroBitCount,
                    isUp: flags & Int32(IFF_UP) != 0,
                    isLoopback: flags & Int32(IFF_LOOPBACK) != 0,
                    canBroadcast: flags & Int32(IFF_BROADCAST) != 0
                )
            )
        }
        return found
    }

    private static func bits(_ address: UnsafeMutablePointer<sockaddr>?) -> UInt32? {
        guard let address, Int32(address.pointee.sa_family) == AF_INET else { return nil }
        return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
            UInt32(bigEndian: $0.pointee.sin_addr.s_addr)
        }
    }
}
