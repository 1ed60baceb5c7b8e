// The ports of phones as flows or chunk by chunk: the same questions to either, so that whoever sends
// files does not ask which it is.

internal import BasicContainers

/// How far an upload has come, in bytes.
struct UploadProgress {
    let moved: Int64
    let bytes: Int64
}

extension Kernel {
    /// How many files a phone sends at this time.
    func uploadCount(_ parent: PhoneNumber) -> Int {
        switch parameters.fidelity {
        case .flow: ports[Int(parent.index)].count
        case .packet: chunkPorts[parent.index]?.count ?? 0
        }
    }

    /// A phone begins to send the last `bytes` of a file.
    mutating func beginUpload(
        _ file: FileNumber,
        _ bytes: Int64,
        from parent: PhoneNumber,
        to child: PhoneNumber
    ) {
        flowSequence += 1
        let (time, sequence) = (now, flowSequence)
        switch parameters.fidelity {
        case .flow:
            ports[Int(parent.index)].begin(
                units: bytes,
                to: child,
                file: file,
                sequence: sequence,
                cost: portCost(parent),
                now: time
            )
        case .packet:
            chunkPorts[parent.index, default: ChunkPort()].begin(
                file,
                bytes,
                to: child,
                sequence: sequence,
                now: time
            )
        }
    }

    /// A phone stops sending a file to a child; false when it did not.
    mutating func stopUpload(
        _ file: FileNumber,
        from parent: PhoneNumber,
        to child: PhoneNumber
    ) -> Bool {
        switch parameters.fidelity {
        case .flow:
            ports[Int(parent.index)].cancel(
                to: child,
                file: file,
                cost: portCost(parent),
                now: now
            )
        case .packet: chunkPorts[parent.index]?.cancel(to: child, file: file) ?? false
        }
    }

    /// A phone stops sending anything; answers to whom it did.
    mutating func stopUploads(from parent: PhoneNumber) -> [PhoneNumber] {
        switch parameters.fidelity {
        case .flow: return ports[Int(parent.index)].cancelAll()
        case .packet:
            let port = chunkPorts.removeValue(forKey: parent.index)
            return port?.uploads.map(\.receiver) ?? []
        }
    }

    /// The uploads of a phone whose last byte has been taken in by now.
    mutating func finishedUploads(
        _ parent: PhoneNumber
    ) -> [(file: FileNumber, to: PhoneNumber, bytes: Int64)] {
        let cost = portCost(parent)
        var finished: [(file: FileNumber, to: PhoneNumber, bytes: Int64)] = []
        switch parameters.fidelity {
        case .flow:
            while let flow = ports[Int(parent.index)].popFinished(now: now, cost: cost) {
                finished.append((flow.file, flow.receiver, flow.units))
            }
        case .packet:
            let (bytes, time) = (parameters.chunkBytes, now)
            while let upload = chunkPorts[parent.index]?.step(
                now: time,
                chunkBytes: bytes,
                cost: cost
            ) {
                finished.append((upload.file, upload.receiver, upload.bytes))
            }
        }
        return finished
    }

    /// When something happens next at a phone's port.
    func portDueAt(_ parent: PhoneNumber) -> Instant {
        switch parameters.fidelity {
        case .flow: ports[Int(parent.index)].dueAt
        case .packet:
            standsStill(parent) ? .never : chunkPorts[parent.index]?.dueAt ?? .never
        }
    }

    /// Whether a fault lets what a phone sends stand still.
    func standsStill(_ phone: PhoneNumber) -> Bool {
        faults.isOn && (faults.frozen[phone.index] != nil || isStalling(phone))
    }

    /// How far an upload has come; nil when there is none.
    func uploadProgress(
        _ file: FileNumber,
        from parent: PhoneNumber,
        to child: PhoneNumber
    ) -> UploadProgress? {
        switch parameters.fidelity {
        case .flow:
            let progress = ports[Int(parent.index)].progress(
                to: child,
                file: file,
                cost: portCost(parent),
                now: now
            )
            return progress.map { UploadProgress(moved: $0.moved, bytes: $0.units) }
        case .packet:
            let upload = chunkPorts[parent.index]?.uploads.first {
                $0.receiver == child && $0.file == file
            }
            return upload.map { UploadProgress(moved: $0.sent, bytes: $0.bytes) }
        }
    }

    /// How many files phones send each other at this time.
    var uploadCount: Int {
        var count = ports.flowCount
        for port in chunkPorts.values { count += port.count }
        return count
    }
}
