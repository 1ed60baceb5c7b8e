// An attached world: one subnet's phones live on a real network, and a driver lets the clock follow the
// real one. The driver's turn, again and again: run the world up to the real time, hand in what came,
// take the orders and carry them out.

internal import BasicContainers

/// Why a world cannot be attached.
public enum AttachmentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It is already.
    case alreadyAttached
    /// There is no phone to attach.
    case noPhones(subnet: String)
    /// Phones of another subnet would stand outside of the network.
    case phonesElsewhere(String)
    /// A phone has something to do already, in virtual time.
    case upgradeUnderWay

    /// One line, lower case, without a full stop.
    public var description: String {
        switch self {
        case .alreadyAttached: "the world is attached already"
        case .noPhones(let subnet): "subnet `\(subnet)` has no phones to attach"
        case .phonesElsewhere(let name):
            "`\(name)` is in another subnet, and one subnet at a time can be attached"
        case .upgradeUnderWay:
            "phones upgrade or restart in virtual time; let them finish, or attach before the push"
        }
    }
}

extension World {
    /// The subnet that is attached to a real network; nil when the world is simulated.
    public var attachedSubnet: Int? { kernel.attachment?.subnet }

    /// Puts the phones of a subnet on a real network: from now on their messages and files are orders.
    ///
    /// Throws `AttachmentError`; nothing has changed then.
    public func attach(subnet: Int) throws(AttachmentError) {
        guard kernel.attachment == nil else { throw .alreadyAttached }
        guard kernel.activeCount == 0 else { throw .upgradeUnderWay }
        var count = 0
        for phone in phones {
            guard self.subnet(of: phone) == subnet else { throw .phonesElsewhere(name(of: phone)) }
            count += 1
        }
        guard count > 0 else { throw .noPhones(subnet: subnetNames[subnet]) }
        kernel.impliesKeepingInTouch = false
        // Several processes form one hierarchy, and each numbers its phones from 0: so that no two
        // phones draw the same, chance follows the address here.
        for phone in phones {
            let address = self.address(of: phone)
            let own = RandomStream.mix(seed ^ UInt64(address.bits) << 20)
            kernel.peers[Int(phone.index)] = Peer(address: address, seed: own, number: phone)
        }
        kernel.attachment = NetworkAttachment(subnet: subnet)
    }

    /// Gives a phone another address of its subnet, before time moves.
    public func readdress(_ phone: PhoneNumber, to address: IPv4Address) throws(WorldError) {
        guard !hasStarted else { throw .timeHasMoved("addresses of phones") }
        let index = Int(phone.index)
        let record = kernel.phones[index]
        guard record.address != address else { return }
        let subnet = Int(record.subnet)
        guard kernel.subnets[subnet].network.holdsHost(address) else {
            throw .outsideSubnet(
                address,
                subnet: subnetNames[subnet],
                kernel.subnets[subnet].network
            )
        }
        if let owner = kernel.subnets[subnet].phone(at: address) {
            throw .addressInUse(address, by: name(of: owner))
        }
        kernel.subnets[subnet].put(nil, at: record.address)
        kernel.subnets[subnet].put(phone, at: address)
        kernel.phones[index].address = address
        kernel.peers[index] = Peer(address: address, seed: seed, number: phone)
        // Pins stand under the address, and go with the phone.
        pins = pins.map { pin in
            guard pin.address == record.address else { return pin }
            return PeerPin(address: address, file: pin.file, field: pin.field, value: pin.value)
        }
        kernel.context.pins = pins
    }

    /// Takes the phones off the network; upgrades under way are called off.
    ///
    /// Answers the last orders, which close what is open.
    public func detach() -> [NetworkOrder] {
        guard kernel.attachment != nil else { return [] }
        _ = cancel(phones)
        for phone in phones { kernel.ask(.vanish, of: phone) }
        let orders = takeNetworkOrders()
        kernel.attachment = nil
        return orders
    }

    /// Takes the orders that have come up since the last time, in their order.
    public func takeNetworkOrders() -> [NetworkOrder] {
        guard let orders = kernel.attachment?.orders, !orders.isEmpty else { return [] }
        kernel.attachment?.orders.removeAll(keepingCapacity: true)
        return orders
    }

    /// Whether orders wait to be taken.
    public var hasNetworkOrders: Bool { !(kernel.attachment?.orders.isEmpty ?? true) }

    /// Hands in what the network tells a phone, at the present time.
    ///
    /// False where it means nothing any more.
    @discardableResult
    public func report(
        _ event: NetworkEvent,
        to phone: PhoneNumber,
        incarnation: UInt16
    ) -> Bool {
        kernel.report(event, to: phone, incarnation: incarnation)
    }

    /// Hands in a broadcast that came over the network; false where nobody here knows its model or
    /// file.
    @discardableResult
    public func hear(_ message: WirePeerMessage, from sender: IPv4Address) -> Bool {
        guard message.message.isBroadcast, let file = filesByName[message.fileName],
            let model = model(named: message.modelName)
        else {
            kernel.attachment?.unknownCount += 1
            return false
        }
        kernel.hear(message.message, file, model: model, from: sender)
        return true
    }

    /// Broadcasts about models or files that nobody here knows.
    public var unknownBroadcasts: UInt64 { kernel.attachment?.unknownCount ?? 0 }

    private func model(named name: String) -> ModelID? {
        identities.first { $0.model.model.name == name }?.model
    }

    // MARK: What the driver has to know

    /// The number of a file by name; nil when no phone's load has such a file.
    public func fileNumber(named name: String) -> FileNumber? { filesByName[name] }

    /// How many files the phones' loads have.
    public var fileCount: Int { kernel.files.count }

    /// The SHA-256 that the file has to have; nil when no file of the name was ever read.
    public func statedDigest(of file: FileNumber) -> [UInt8]? {
        let name = fileName(file)
        for load in catalog.loads {
            if let found = load.files.first(where: { $0.name == name }), let sha256 = found.sha256 {
                return sha256
            }
        }
        return nil
    }

    /// Counts a phone's restarts.
    public func incarnation(of phone: PhoneNumber) -> UInt16 {
        kernel.phones[Int(phone.index)].incarnation
    }

    /// Whether a phone takes a link about a file: it is up, and wants the file or has it.
    public func takesLinks(_ phone: PhoneNumber, about file: FileNumber) -> Bool {
        let index = Int(phone.index)
        return kernel.phones[index].isUp && kernel.peers[index].branchIndex(of: file) != nil
    }
}

extension World {
    /// The addresses of a subnet.
    public func subnetNetwork(_ subnet: Int) -> IPv4Network { kernel.subnets[subnet].network }
}
