// Phones on a real network: what the kernel would simulate of it is asked of a driver instead, and what
// the driver reports becomes inputs. Time, log, restarts and all that phones decide stay here.

internal import BasicContainers

extension Kernel {
    /// Turns an effect that concerns the network into an order; false where it is none, or the phone
    /// is not attached.
    mutating func order(_ effect: PeerEffect, of phone: PhoneNumber) -> Bool {
        guard isAttached(phone) else { return false }
        let own = phones[Int(phone.index)].address
        switch effect {
        case .broadcast(let message, let file, after: let delay):
            say(message, file, from: phone, after: delay)
        case .send(let message, let file, to: let address):
            let key = NetworkLinkKey(sender: own, receiver: address, file: file)
            // A Join opens a new connection: nothing of an older one comes any more.
            if case .join = message { attachment?.forget(key) }
            pass(.leaving(message), of: phone, over: key)
        case .close(let file, let address):
            attachment?.forget(NetworkLinkKey(sender: own, receiver: address, file: file))
            ask(.close(file, address), of: phone)
        case .upload(let file, to: let address):
            sendFile(file, to: address, from: phone)
        case .endUpload(let file, to: let address):
            ask(.endUpload(file, to: address), of: phone)
        case .verify(let file):
            endRealDownload(of: phone)
            ask(.verify(file), of: phone)
        case .write(let file) where faults.isOn:
            writeReal(file, of: phone)
        case .write(let file):
            ask(.write(file), of: phone)
        case .wake, .fetch, .apply, .participation, .obtained, .stopped, .note:
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
        switch action {
        case .appear:
            attachment?.present[phone.index] = true
            if isStalling(phone) { restrain(phone) }
        case .vanish: attachment?.present[phone.index] = nil
        default: break
        }
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
        guard isAttached(phone), phones[index].incarnation == incarnation else { return false }
        if holdEvent(event, for: phone) { return true }
        guard phones[index].isUp else { return false }
        let own = phones[index].address
        switch event {
        case .received(let message, let file, from: let address):
            let key = NetworkLinkKey(sender: address, receiver: own, file: file)
            pass(.arrived(message), of: phone, over: key, isJudged: isOwn(address))
        case .linkLost(let file, let address):
            let key = NetworkLinkKey(sender: address, receiver: own, file: file)
            pass(.reset, of: phone, over: key)
        case .progress(bytes: let bytes, from: let parent):
            noteProgress(bytes, from: parent, at: phone)
        case .fetchEnded(let outcome, server: let address, bytes: let bytes):
            return fetchEnded(outcome, address, bytes, of: phone)
        case .fileArrived(let file, from: let address):
            guard peers[index].expects(file, from: address) else { return false }
            endRealDownload(of: phone)
            let key = NetworkLinkKey(sender: address, receiver: own, file: file)
            pass(.file, of: phone, over: key)
        case .verified(let isGood):
            guard case .verifying = peers[index].stage else { return false }
            feed(phone, .verified(isGood), from: nil)
        case .written:
            guard case .writing = peers[index].stage else { return false }
            finishRealWrite(of: phone)
        }
        return true
    }

    /// Whether an address is that of a phone of this world, on the network.
    private func isOwn(_ address: IPv4Address) -> Bool {
        attachment.map { subnets[$0.subnet].phone(at: address) != nil } ?? false
    }

    mutating func countFetch(
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
