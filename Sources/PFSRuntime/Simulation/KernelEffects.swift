// Carrying out what a phone asks for: messages, wake-ups, log lines, the time that work takes.

internal import BasicContainers

extension Kernel {
    /// Carries out one effect of a phone, at the present time.
    mutating func apply(_ effect: PeerEffect, of phone: PhoneNumber) {
        let index = Int(phone.index)
        fold(effect, of: phone)
        switch effect {
        case .wake, .send, .broadcast: break
        default: changeCount += 1
        }
        if attachment != nil, order(effect, of: phone) { return }
        switch effect {
        case .wake(let instant):
            // Its turn is the phone's: in which order phones asked has no part in what happens.
            let turn = UInt64(phone.index)
            let due = faults.isOn ? time(when: phone, is: instant) : instant
            schedule(.wake(phone), at: max(due, now), sequence: turn)
        case .broadcast(let message, let file, after: let delay):
            broadcast(message, file, from: phone, after: delay)
        case .send(let message, let file, to: let address):
            send(.message(message), file, from: phone, to: address)
        case .close(let file, let address):
            send(.reset, file, from: phone, to: address)
        case .fetch(let file, let reason):
            fetch(file, reason, by: phone)
        case .upload(let file, to: let address):
            upload(file, from: phone, to: address)
        case .endUpload(let file, to: let address):
            endUpload(file, from: phone, to: address)
        case .verify(let file):
            let bytes = files[Int(file.index)].bytes
            var time = parameters.verifyTime(bytes: bytes)
            // Who forwards only what is in flash has it there before the others hear of it.
            if parameters.forwardsWhenWritten { time = time + parameters.writeTime(bytes: bytes) }
            schedule(.verified(phone, phones[index].incarnation), at: now + time)
        case .write(let file):
            let time =
                parameters.forwardsWhenWritten
                ? .zero : parameters.writeTime(bytes: files[Int(file.index)].bytes)
            guard !faults.isOn else {
                write(file, of: phone, taking: time)
                return
            }
            schedule(.written(phone, phones[index].incarnation), at: now + time)
        case .apply:
            beginApplying(phone)
        case .participation(let file, isIn: true):
            instances.enter(phones[index].group, file, now: now)
        case .participation(let file, isIn: false):
            instances.leave(phones[index].group, file, now: now)
        case .obtained(let file, from: let source):
            recordOrigin(of: file, at: phone, from: source)
        case .stopped(let reason):
            endDownload(of: phone)
            raise({ .failure($0, reason) }, of: phone)
            phones[index].outcome = .failed(reason, now)
            returnToService(phone)
            becomeInactive(phone)
        case .note(let note, let file, after: let delay):
            record(note, file, of: phone, at: now + delay)
        }
    }

    /// Keeps a line of a phone's log, if the log is on.
    mutating func record(
        _ note: PeerNote,
        _ file: FileNumber,
        of phone: PhoneNumber,
        at time: Instant
    ) {
        // When all is quiet must not depend on what the log keeps.
        if time > lastLineAt, !note.kind.isTrace { lastLineAt = time }
        guard log.detail != .off else { return }
        log.append(
            LogRecord(
                time: time,
                cause: eventCount,
                phone: phone,
                file: file,
                load: LoadID(rawValue: phones[Int(phone.index)].targetLoad),
                pinned: pinned(for: note, file, of: phone),
                note: note
            )
        )
    }

    /// The pinned value that a line shows besides what its note holds.
    func pinned(for note: PeerNote, _ file: FileNumber, of phone: PhoneNumber) -> UInt32? {
        guard !context.pins.isEmpty, let index = fileIndex(file, of: phone) else { return nil }
        let address = phones[Int(phone.index)].address
        switch note {
        case .claimed: return context.pin(.map, of: address, file: index)
        case .becameRoot: return context.pin(.hash, of: address, file: index)
        default: return nil
        }
    }

    /// Sends a broadcast to the phones of a phone's group.
    mutating func broadcast(
        _ message: PeerMessage,
        _ file: FileNumber,
        from phone: PhoneNumber,
        after delay: Interval
    ) {
        let index = Int(phone.index)
        guard !isAttached(phone) else {
            say(message, file, from: phone, after: delay)
            return
        }
        recordWire(.broadcast(message), file, of: phone, at: now + delay)
        guard isHeeded(message, file, from: phone, after: delay) else { return }
        var broadcast = Broadcast(
            message: message,
            file: file,
            sender: phones[index].address,
            segment: phones[index].segment,
            phone: phone
        )
        if faults.isOn { broadcast.faultNumber = numberBroadcast(message, file, from: phone) }
        let group = phones[index].group
        let begun = Self.begin(&fanouts, broadcast, phone, group, at: now + delay, groups)
        guard let begun, begun.first <= .latest else { return }
        groups[Int(group)].walks.append(begun.index)
        let turn = queue.takeSequence()
        fanouts.setTurn(turn, of: begun.index)
        var first = begun.first
        if !recordsAll, mayPass(broadcast, Int(group)) {
            let row = hearing(of: file, in: Int(group))
            first = Self.jump(&fanouts, begun.index, groups, Int(group), row)
        }
        walks.insert(QueuedEvent(time: first, sequence: turn, payload: begun.index))
    }

    /// A function of its own, because the table changes while the groups are only lent.
    private static func begin(
        _ fanouts: inout FanoutTable<Broadcast>,
        _ broadcast: Broadcast,
        _ sender: PhoneNumber,
        _ group: UInt32,
        at time: Instant,
        _ groups: borrowing UniqueArray<GroupRecord>
    ) -> (index: UInt32, first: Instant)? {
        fanouts.begin(
            broadcast,
            from: sender.index,
            group: group,
            at: time,
            over: groups[Int(group)].receivers
        )
    }

    /// Sends something over a link; it arrives after the receiver's delay.
    mutating func send(
        _ delivery: LinkDelivery,
        _ file: FileNumber,
        from phone: PhoneNumber,
        to address: IPv4Address
    ) {
        let index = Int(phone.index)
        guard let receiver = subnets[Int(phones[index].subnet)].phone(at: address) else { return }
        let delay = Int64(phones[Int(receiver.index)].delayNanoseconds)
        // A Join opens its TCP link first: a segment there, one back, and the message itself.
        var trips: Int64 = 1
        if case .message(.join) = delivery { trips = 3 }
        if wire.isOn { recordWire(delivery, file, from: phone, to: receiver) }
        var message = LinkMessage(
            delivery: delivery,
            file: file,
            sender: phones[index].address,
            senderSegment: phones[index].segment,
            receiver: receiver
        )
        message.connection = connection(from: phone, to: receiver, file)
        let onTheWay = Interval(nanoseconds: delay * trips)
        guard !faults.isBusy else {
            sendPastFaults(message, from: phone, after: onTheWay)
            return
        }
        schedule(.message(messages.put(message)), at: now + onTheWay)
    }

    private mutating func recordOrigin(
        of file: FileNumber,
        at phone: PhoneNumber,
        from source: IPv4Address?
    ) {
        let index = Int(phone.index)
        guard let slot = fileIndex(file, of: phone) else { return }
        filesObtained += 1
        guard let source else {
            phones[index].origins[slot] = .server(now)
            return
        }
        guard let parent = phones[index].giver else {
            phones[index].origins[slot] = .elsewhere(source, now)
            phones[index].filesFromPeers += 1
            return
        }
        phones[index].origins[slot] = .phone(parent, now)
        phones[index].filesFromPeers += 1
        phones[Int(parent.index)].filesToPeers &+= 1
        peerBytes += files[Int(file.index)].bytes
    }

    /// The position of a file in the load that a phone fetches.
    func fileIndex(_ file: FileNumber, of phone: PhoneNumber) -> Int? {
        let load = loads[Int(phones[Int(phone.index)].targetLoad)]
        return load.files.firstIndex(of: file)
    }

    // MARK: Restarting and applying

    /// A phone has restarted: it reads its configuration and fetches the load that it names.
    mutating func readConfiguration(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        dropUpgrade(of: phone)
        phones[index].isUp = true
        phones[index].readSharing = phones[index].configuredSharing
        phones[index].readLoadServer = phones[index].configuredLoadServer
        phones[index].readLogServer = phones[index].configuredLogServer
        let factory = factoryResets[phone.index]
        if factory != nil { phones[index].readSharing = false }
        let wanted = factory?.load ?? phones[index].configuredLoad
        guard wanted != phones[index].runningLoad,
            var job = UpgradeJob(
                files: loads[Int(wanted)].files,
                shares: phones[index].readSharing
            )
        else {
            returnToService(phone)
            setActive(phone, false)
            serveWhenDone(phone)
            return
        }
        job.passesOverRoots = hasBug(.secondPhoneToServer, phone)
        setActive(phone, true)
        phones[index].targetLoad = wanted
        job.keep(takeKeptFlash(of: phone, wanted))
        if job.keptCount == 0 {
            phones[index].origins = FileOrigins()
            phones[index].filesFromPeers = 0
            phones[index].filesToPeers = 0
        }
        phones[index].leftServiceAt = now
        phones[index].lastServer = nil
        phones[index].filesByHTTP = 0
        filesWanted += UInt64(job.count - job.keptCount)
        raise({ _ in .start }, of: phone)
        ask(.appear, of: phone)
        feed(phone, .start(job), from: nil)
    }

    /// Takes a phone out of all it was doing, as a power cut does: nobody is told.
    mutating func dropUpgrade(of phone: PhoneNumber) {
        let index = Int(phone.index)
        rouseLinked(with: phone)
        calls[phone.index] = nil
        faults.spoiled[phone.index] = nil
        phones[index].incarnation &+= 1
        phones[index].awaitsRestart = false
        ask(.vanish, of: phone)
        endDownload(of: phone)
        endUploads(of: phone)
        let peer = peers[index]
        if let job = peer.job {
            for slot in 0..<job.count where peer.branches[slot].takesPart {
                instances.leave(phones[index].group, job.files[slot], now: now)
            }
        }
        peers[index] = peer.restarted()
        watchDrop(of: phone)
        let election = elections[index]
        elections[index] = Election()
        let heeded = interests[index]
        interests[index] = 0
        electionChanged(of: phone, from: election)
        heedChanged(of: phone, from: election, heeded)
        setActive(phone, false)
    }

    private mutating func beginApplying(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        raise({ .success($0) }, of: phone)
        phones[index].isUp = false
        ask(.vanish, of: phone)
        endUploads(of: phone)
        let time = parameters.reboot + parameters.registration
        schedule(.applied(phone, phones[index].incarnation), at: now + time)
        if faults.isOn { activate(phone) }
    }

    mutating func finishApplying(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        guard !hasBug(.bootFailure, phone) || phones[index].filesFromPeers == 0 else {
            die(phone)
            return
        }
        phones[index].isUp = true
        watchNewLoad(of: phone)
        let contents = endFactoryReset(of: phone)
        phones[index].runningLoad = contents ?? phones[index].targetLoad
        if watch.isOn { watch.phones[index].running = phones[index].runningLoad }
        phones[index].outcome = .succeeded(now)
        feed(phone, .applied, from: nil)
        returnToService(phone)
        if contents != nil {
            phones[index].awaitsRestart = true
            schedule(.restart(phone, phones[index].incarnation), at: now)
        }
        becomeInactive(phone)
        if contents == nil { serveWhenDone(phone) }
    }

    /// A phone that runs what it should gives it to others from now on, where the model says so and its
    /// configuration lets it.
    ///
    /// Not on a real network, where a phone has no bytes but those that it fetched.
    mutating func serveWhenDone(_ phone: PhoneNumber) {
        let index = Int(phone.index)
        guard parameters.servesWhenDone, attachment == nil, phones[index].isUp,
            phones[index].readSharing, case .idle = peers[index].stage,
            let job = UpgradeJob(
                files: loads[Int(phones[index].runningLoad)].files,
                shares: true
            )
        else { return }
        phones[index].targetLoad = phones[index].runningLoad
        feed(phone, .serve(job), from: nil)
    }

    private mutating func returnToService(_ phone: PhoneNumber) {
        let since = phones[Int(phone.index)].leftServiceAt
        guard since != .never else { return }
        let lost = (now - since).nanoseconds / 1_000_000
        phones[Int(phone.index)].lostServiceMilliseconds = UInt32(clamping: lost)
        phones[Int(phone.index)].leftServiceAt = .never
    }
}
