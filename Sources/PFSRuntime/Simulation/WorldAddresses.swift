// What room a world has for more: whether a subnet can be made, and which of its addresses are free.
// Whoever reads a whole inventory asks before it builds any of it.

internal import BasicContainers

extension World {
    /// Throws why no world has a subnet of this network.
    public static func check(_ network: IPv4Network) throws(WorldError) {
        guard network.prefixLength >= shortestPrefix else {
            throw .hugeSubnet(network, shortestPrefix: shortestPrefix)
        }
        guard network.prefixLength <= 30 else { throw .uselessSubnet(network) }
    }

    /// The index of a subnet that shares addresses with a network; nil where none does.
    public func subnetOverlapping(_ network: IPv4Network) -> Int? {
        kernel.subnets.firstIndex { other in
            let mask = network.mask & other.network.mask
            return other.network.base.bits & mask == network.base.bits & mask
        }
    }

    /// How many addresses of a subnet neither a phone nor a server has.
    public func freeAddressCount(_ subnet: Int) -> Int {
        let subnet = kernel.subnets[subnet]
        return subnet.network.hostCount - subnet.phoneCount - subnet.reserved.count
    }

    /// The next free address of a subnet at or after `start`, or from where given ones begin; nil
    /// when there is none behind it.
    public func freeAddress(_ subnet: Int, from start: IPv4Address?) -> IPv4Address? {
        let record = kernel.subnets[subnet]
        if let start { return record.freeAddress(from: start) }
        return record.freeAddress(from: firstAddress(subnet))
            ?? record.freeAddress(from: record.network.firstHost)
    }
}
