// What a phone on the network does with files: sends those that it has checked, fetches, checks, and gives
// them their names.

import NIOCore
import NIOPosix
import PFSRuntime

extension PhoneEndpoint {
    /// Sends a file that the phone holds to a child, or other bytes.
    func upload(_ file: SharedFile, to remote: IPv4Address, isWrong: Bool) {
        guard let stored = held[file.name] else {
            uploadKept(file, to: remote, isWrong: isWrong)
            return
        }
        guard
            let header = try? WireFileHeader(
                modelName: phone.modelName,
                fileName: file.name,
                sizeBytes: stored.sizeBytes
            )
        else { return }
        for link in links(file.name, remote) where !link.isOutgoing {
            link.send(stored, header, isWrong: isWrong)
        }
    }

    /// A file of an earlier life has to be checked before it is given to anybody.
    private func uploadKept(_ file: SharedFile, to remote: IPv4Address, isWrong: Bool) {
        let folder = folder
        let bound = NIOLoopBound(self, eventLoop: board.loop)
        board.threads.runIfActive(eventLoop: board.loop) { () -> StoredFile? in
            guard let stored = try? folder.openFinal(file.name),
                stored.sizeBytes == file.sizeBytes, let sha256 = file.sha256,
                stored.digest() == sha256
            else { return nil }
            return stored
        }
        .whenSuccess { stored in
            let endpoint = bound.value
            guard let stored, !endpoint.isGone else { return }
            endpoint.held[file.name] = stored
            endpoint.upload(file, to: remote, isWrong: isWrong)
        }
    }

    func endUpload(_ fileName: String, to remote: IPv4Address) {
        for link in links(fileName, remote) where !link.isOutgoing { link.endUpload() }
    }

    /// Fetches a file from a server.
    func fetch(_ file: SharedFile, from server: IPv4Address, blockDelay: Int64) {
        fetch?.stop()
        fetch = ServerFetch(file, from: server, blockDelay: blockDelay, self)
        fetch?.begin()
    }

    /// A fetch has ended; the file, if there is one, stands under its temporary name.
    func fetchEnded(_ fetch: ServerFetch, _ outcome: FetchOutcome, server: IPv4Address?) {
        guard self.fetch === fetch else { return }
        self.fetch = nil
        var bytes: Int64 = 0
        var outcome = outcome
        if outcome == .done {
            do throws(StoreError) {
                let stored = try folder.openTemporary(fetch.file.name)
                bytes = stored.sizeBytes
                arrived = (fetch.file, stored, nil)
            } catch {
                report(.trouble("\(phone.name): \(error)"))
                outcome = .refused(.phoneError)
            }
        }
        report(.fetchEnded(outcome, server: server, bytes: bytes))
    }

    func endDownload() {
        fetch?.stop()
        fetch = nil
        source = nil
    }

    /// Makes another file of what came.
    func spoil(_ file: SharedFile, _ bytes: Int64) {
        guard let came = arrived, came.file.name == file.name else { return }
        arrived = nil
        do throws(StoreError) {
            try folder.spoil(file.name, bytes: bytes)
            arrived = (file, try folder.openTemporary(file.name), nil)
        } catch {
            report(.trouble("\(phone.name): \(error)"))
        }
    }

    /// Compares what came with what the catalogue states.
    func verify(_ file: SharedFile) {
        guard let came = arrived, came.file.name == file.name else {
            report(.verified(false))
            return
        }
        if file.sha256 == nil {
            report(.trouble("\(file.name): nothing states its SHA-256; `firmware load` reads it"))
        }
        if let digest = came.sha256 {
            verified(file, came.stored, digest)
            return
        }
        let bound = NIOLoopBound(self, eventLoop: board.loop)
        board.threads.runIfActive(eventLoop: board.loop) { came.stored.digest() }
            .whenComplete { result in
                let digest = (try? result.get()) ?? nil
                bound.value.verified(file, came.stored, digest)
            }
    }

    private func verified(_ file: SharedFile, _ stored: StoredFile, _ digest: [UInt8]?) {
        let isGood = digest != nil && digest == file.sha256 && stored.sizeBytes == file.sizeBytes
        if isGood {
            held[file.name] = stored
        } else {
            folder.remove(file.name)
        }
        arrived = nil
        report(.verified(isGood))
    }

    /// Gives a checked file its final name.
    func write(_ file: SharedFile) {
        guard let stored = held[file.name] else { return }
        let folder = folder
        let bound = NIOLoopBound(self, eventLoop: board.loop)
        board.threads.runIfActive(eventLoop: board.loop) { try folder.commit(file.name, stored) }
            .whenComplete { result in
                if case .failure(let error) = result {
                    bound.value.report(.trouble("\(bound.value.phone.name): \(error)"))
                }
                bound.value.report(.written)
            }
    }
}
