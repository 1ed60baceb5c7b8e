// Phones on a real network: what the kernel would simulate of it is asked of a driver instead, and what
// the driver reports becomes inputs. Time, log, restarts and all that phones decide stay here.

internal import BasicContainers

extension Kernel {
    /// Turns an effect that concerns the network into an order; false where it is none, or the phone
    /// is not attached.
    mutating func order(_ effect: PeerEffect, of phone: PhoneNumber) -> Bool {
        guard isAttached(phone) else { return false }
        switch effect {
        case .broadcast(let message, let file, after: let delay):
            ask(.broadcast(message, file, at: now + delay), of: phone)
        case .send(let message, let file, to: let address):
            ask(.send(message, file, to: address), of: phone)
        case .close(let file, let address):
            ask(.close(file, address), of: phone)
        case .fetch(let file, let reason):
            let group = phones[Int(phone.index)].group
            let isActive = rootIsActive(group, file)
            instances.fetch(group, file, by: phone, reason, rootIsActive: isActive)
            attachment?.received[phone.index] = 0
            ask(.fetch(file), of: phone)
        case .upload(let file, to: let address):
            ask(.upload(file, to: address), of: phone)
        case .endUpload(let file, to: let address):
            ask(.endUpload(file, to: address), of: phone)
        case .verify(let file):
            attachment?.received[phone.index] = nil
            ask(.verify(file), of: phone)
        case .write(let file):
            ask(.write(file), of: phone)
        case .wake, .apply, .participation, .obtained, .stopped, .note:
            return false
        }
        return true
    }

    /// Asks the network for something on behalf of a phone.
    mutating func ask(_ action: NetworkAction, of phone: PhoneNumber) {
        guard isAttached(phone) else { return }
        let incarnation = phones[Int(phone.index)].incarnation
        attachment?.orders.append(
            NetworkOrder(phone: phone, incarnation: incarnation, action: action)
        )
    }

    /// Whether a phone's network is a real one.
    func isAttached(_ phone: PhoneNumber) -> Bool {
        guard let attachment else { return false }
        return Int(phones[Int(phone.index)].subnet) == attachment.subnet
    }

    /// Hands in what the network tells a phone, at the present time; false where it means nothing,
    /// because the phone has restarted since or does not wait for it.
    mutating func report(
        _ event: NetworkEvent,
        to phone: PhoneNumber,
        incarnation: UInt16
    ) -> Bool {
        let index = Int(phone.index)
        guard isAttached(phone), phones[index].incarnation == incarnation, phones[index].isUp
        else { return false }
        switch event {
        case .received(let message, let file, from: let address):
            feed(phone, .received(message, file, from: address), from: address)
        case .linkLost(let file, let address):
            feed(phone, .linkLost(file, address), from: nil)
        case .progress(bytes: let bytes, from: _):
            attachment?.received[phone.index] = max(bytes, 0)
        case .fetchEnded(let outcome, server: let address, bytes: let bytes):
            guard case .fetching = peers[index].stage else { return false }
            attachment?.received[phone.index] = nil
            if outcome == .done { countFetch(of: phone, from: address, bytes: bytes) }
            feed(phone, .fetchEnded(outcome), from: nil)
        case .fileArrived(let file, from: let address):
            guard peers[index].expects(file, from: address) else { return false }
            phones[index].giver = subnets[Int(phones[index].subnet)].phone(at: address)
            feed(phone, .fileArrived, from: address)
        case .verified(let isGood):
            guard case .verifying = peers[index].stage else { return false }
            feed(phone, .verified(isGood), from: nil)
        case .written:
            guard case .writing = peers[index].stage else { return false }
            feed(phone, .written, from: nil)
        }
        return true
    }

    /// Hands in a broadcast that came over the network: every phone of the model hears it but the one
    /// that sent it.
    mutating func hear(
        _ message: PeerMessage,
        _ file: FileNumber,
        model: ModelID,
        from sender: IPv4Address
    ) {
        guard let attachment else { return }
        for index in phones.indices {
            let record = phones[index]
            guard Int(record.subnet) == attachment.subnet, record.isUp, record.address != sender,
                peers[index].job != nil, groups[Int(record.group)].model == model
            else { continue }
            feed(PhoneNumber(index), .heard(message, file, from: sender), from: sender)
        }
    }

    private mutating func countFetch(
        of phone: PhoneNumber,
        from address: IPv4Address?,
        bytes: Int64
    ) {
        let index = Int(phone.index)
        let server = address.flatMap { network.server(at: $0) } ?? 0
        network.servers[server].totals.transfers += 1
        network.servers[server].totals.bytes += bytes
        phones[index].lastServer = UInt8(server)
        let site = Int(subnets[Int(phones[index].subnet)].site)
        if Int(network.servers[server].site) == site, sites[site].wan != nil {
            sites[site].localBytes += bytes
        } else {
            sites[site].bytes += bytes
        }
        if let place = peers[index].job == nil ? nil : peers[index].current,
            place < UpgradeJob.fileLimit
        {
            phones[index].fileServers[place] = UInt8(server)
        }
    }
}
