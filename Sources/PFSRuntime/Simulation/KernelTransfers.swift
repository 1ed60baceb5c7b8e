// Moving files from a parent's port to its children, and what all transfers have in common. A link
// has at most one event in the queue that counts, the end of its next flow; an earlier one that a
// change has made stale is recognised by its time.

internal import BasicContainers

/// A file that a parent has for a child.
struct Upload: BitwiseCopyable, Sendable {
    let child: PhoneNumber
    let file: FileNumber
    /// What is to be sent: all of the file, or what is left when pieces of it went before.
    let bytes: Int64
}

extension Kernel {
    func portCost(_ phone: PhoneNumber) -> LinkCost {
        let subnet = subnets[Int(phones[Int(phone.index)].subnet)]
        return parameters.byteCost(rateBitsPerSecond: subnet.lanRateBitsPerSecond)
    }

    // MARK: From a parent

    /// A parent sends a whole file to a child, unless the child gets it already.
    mutating func upload(_ file: FileNumber, from parent: PhoneNumber, to address: IPv4Address) {
        upload(file, files[Int(file.index)].bytes, from: parent, to: address)
    }

    /// A parent sends the last `bytes` of a file to a child.
    mutating func upload(
        _ file: FileNumber,
        _ bytes: Int64,
        from parent: PhoneNumber,
        to address: IPv4Address
    ) {
        let subnet = Int(phones[Int(parent.index)].subnet)
        let source = phones[Int(parent.index)].address
        // A child that has left meanwhile, and whose word of it is under way, takes nothing.
        guard let child = subnets[subnet].phone(at: address), takesFiles(child),
            peers[Int(child.index)].expects(file, from: source)
        else { return }
        if case .parent(parent, file) = phones[Int(child.index)].download { return }
        let upload = Upload(child: child, file: file, bytes: bytes)
        guard uploadCount(parent) < parameters.uploadsAtOnce else {
            let waits = waitingUploads[parent.index, default: []]
            guard !waits.contains(where: { $0.child == child && $0.file == file }) else { return }
            waitingUploads[parent.index] = waits + [upload]
            return
        }
        begin(upload, from: parent)
    }

    /// Whether a phone is up, or hangs: to a parent that is the same.
    private func takesFiles(_ child: PhoneNumber) -> Bool {
        phones[Int(child.index)].isUp || faults.frozen[child.index] != nil
    }

    private mutating func begin(_ upload: Upload, from parent: PhoneNumber) {
        if !faults.spoiled.isEmpty { faults.spoiled[upload.child.index] = nil }
        beginUpload(upload.file, upload.bytes, from: parent, to: upload.child)
        phones[Int(upload.child.index)].download = .parent(parent, upload.file)
        if faults.isOn { threaten(upload, from: parent) }
        recordWire(.uploadBegan(to: upload.child, bytes: upload.bytes), upload.file, of: parent)
        if upload.bytes == files[Int(upload.file.index)].bytes { streamBegins(to: upload.child) }
        schedulePort(parent)
    }

    /// A parent that sends to fewer children than it may goes on to those that wait, in order.
    private mutating func beginWaiting(from parent: PhoneNumber) {
        guard !waitingUploads.isEmpty else { return }
        let source = phones[Int(parent.index)].address
        while uploadCount(parent) < parameters.uploadsAtOnce,
            let upload = waitingUploads[parent.index]?.first
        {
            waitingUploads[parent.index]?.removeFirst()
            guard takesFiles(upload.child),
                peers[Int(upload.child.index)].expects(upload.file, from: source)
            else { continue }
            begin(upload, from: parent)
        }
        if waitingUploads[parent.index]?.isEmpty ?? false { waitingUploads[parent.index] = nil }
    }

    mutating func schedulePort(_ phone: PhoneNumber) {
        let due = portDueAt(phone)
        guard due != .never else { return }
        schedule(.portDue(phone), at: max(due, now))
    }

    /// The next flow out of a phone's port may have ended.
    mutating func finishUploads(_ parent: PhoneNumber) {
        guard portDueAt(parent) <= now else { return }
        for (file, child, bytes) in finishedUploads(parent) {
            // Behind the Accept that went before it: even a small file takes the LAN's delay.
            recordWire(.uploadEnded(to: child, bytes: bytes), file, of: parent)
            if faults.isOn { spoil(file, from: parent, to: child) }
            send(.file, file, from: parent, to: phones[Int(child.index)].address)
        }
        beginWaiting(from: parent)
        schedulePort(parent)
    }

    /// The last byte of an upload has come to its child.
    mutating func deliverFile(_ message: LinkMessage) {
        let child = message.receiver
        guard case .parent(let parent, message.file) = phones[Int(child.index)].download,
            phones[Int(parent.index)].address == message.sender
        else { return }
        phones[Int(child.index)].download = .none
        if phones[Int(child.index)].segment == message.senderSegment {
            phones[Int(child.index)].giver = parent
            if message.isDamaged {
                faults.spoiled[child.index] = files[Int(message.file.index)].bytes
            }
            forwardPieces(of: message.file, from: child)
            feed(child, .fileArrived, from: message.sender)
        } else {
            // The subnet was cut under way: the transfer cannot end, so the link breaks.
            let address = phones[Int(child.index)].address
            feed(child, .linkLost(message.file, message.sender), from: nil)
            feed(parent, .linkLost(message.file, address), from: nil)
        }
    }

    /// A parent stops sending to a child.
    mutating func endUpload(_ file: FileNumber, from parent: PhoneNumber, to address: IPv4Address) {
        let subnet = Int(phones[Int(parent.index)].subnet)
        guard let child = subnets[subnet].phone(at: address) else { return }
        cancelUpload(of: file, from: parent, to: child)
    }

    /// How much of a file a parent has still to send to a child; nil when nothing is on its way.
    func bytesLeft(
        of file: FileNumber,
        from parent: PhoneNumber,
        to child: PhoneNumber
    ) -> Int64? {
        uploadProgress(file, from: parent, to: child).map { max($0.bytes - $0.moved, 1) }
    }

    mutating func cancelUpload(
        of file: FileNumber,
        from parent: PhoneNumber,
        to child: PhoneNumber
    ) {
        waitingUploads[parent.index]?.removeAll { $0.child == child && $0.file == file }
        if wire.isOn { recordCut(of: file, from: parent, to: child) }
        let hadFlow = stopUpload(file, from: parent, to: child)
        if case .parent(parent, file) = phones[Int(child.index)].download {
            phones[Int(child.index)].download = .none
        }
        guard hadFlow else { return }
        beginWaiting(from: parent)
        schedulePort(parent)
    }

    /// A parent stops sending altogether, as one does that has no power.
    mutating func endUploads(of parent: PhoneNumber) {
        waitingUploads[parent.index] = nil
        if wire.isOn { recordCuts(from: parent) }
        for receiver in stopUploads(from: parent) { phones[Int(receiver.index)].download = .none }
    }

    // MARK: Both

    /// Ends whatever is being moved to a phone.
    mutating func endDownload(of phone: PhoneNumber) {
        if attachment?.received[phone.index] != nil {
            endRealDownload(of: phone)
            ask(.endDownload, of: phone)
        }
        switch phones[Int(phone.index)].download {
        case .none:
            return
        case .asking:
            break
        case .server(let file, let path):
            cancelFetch(file, of: phone, on: Int(path))
        case .parent(let parent, let file):
            cancelUpload(of: file, from: parent, to: phone)
        }
        phones[Int(phone.index)].download = .none
    }

    /// How many bytes of its present file a phone has received; nil when nothing comes.
    func bytesReceived(by phone: PhoneNumber) -> Int64? {
        if let bytes = attachment?.received[phone.index] { return bytes }
        switch phones[Int(phone.index)].download {
        case .none:
            return nil
        case .asking:
            return 0
        case .server(let file, let path):
            return bytesFetched(file, by: phone, on: Int(path))
        case .parent(let parent, let file):
            let progress = uploadProgress(file, from: parent, to: phone)
            let bytes = files[Int(file.index)].bytes
            // What is not on its way came before; without a flow the last byte is on the LAN.
            return progress.map { bytes - $0.bytes + $0.moved } ?? bytes
        }
    }
}
