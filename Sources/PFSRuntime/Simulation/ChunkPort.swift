// A phone's port in packet fidelity: chunks to its children in turn, each only when the child can take
// it in. TCP's own packets are not played, only what they carry.

/// A file on its way from a port to a child, chunk by chunk.
struct ChunkUpload: Sendable {
    let receiver: PhoneNumber
    let file: FileNumber
    let bytes: Int64
    let sequence: UInt64
    var sent: Int64 = 0
    /// When the child can take the next chunk, or has taken in the last one.
    var readyAt: Instant
    /// Counts turns: who waited longest goes first.
    var turn: UInt64

    var isSent: Bool { sent >= bytes }
}

/// The port of a phone that sends chunks.
struct ChunkPort: Sendable {
    private(set) var uploads: [ChunkUpload] = []
    private var freeAt = Instant.zero
    private var turns: UInt64 = 0
    /// When something happens next; `never` when nothing does.
    private(set) var dueAt = Instant.never

    var count: Int { uploads.count }

    mutating func begin(
        _ file: FileNumber,
        _ bytes: Int64,
        to receiver: PhoneNumber,
        sequence: UInt64,
        now: Instant
    ) {
        turns += 1
        uploads.append(
            ChunkUpload(
                receiver: receiver,
                file: file,
                bytes: max(bytes, 1),
                sequence: sequence,
                readyAt: now,
                turn: turns
            )
        )
        schedule()
    }

    /// Ends the upload to a receiver; false when there is none.
    mutating func cancel(to receiver: PhoneNumber, file: FileNumber) -> Bool {
        let before = uploads.count
        uploads.removeAll { $0.receiver == receiver && $0.file == file }
        schedule()
        return uploads.count != before
    }

    /// Sends what can be sent at `now`, and answers the upload whose last byte has been taken in by
    /// now, if one has; ask again until there is none.
    mutating func step(
        now: Instant,
        chunkBytes: Int64,
        cost: LinkCost
    ) -> ChunkUpload? {
        if let done = uploads.firstIndex(where: { $0.isSent && $0.readyAt <= now }) {
            let upload = uploads.remove(at: done)
            schedule()
            return upload
        }
        while freeAt <= now, let next = nextUpload(readyBy: now) {
            let bytes = min(chunkBytes, uploads[next].bytes - uploads[next].sent)
            let crossing = Self.time(bytes, cost.sharePicoseconds)
            let taking = Self.time(bytes, max(cost.alonePicoseconds, cost.sharePicoseconds))
            freeAt = now + crossing
            uploads[next].sent += bytes
            // The child's pace: the next chunk arrives when this one has been taken in.
            uploads[next].readyAt = now + taking
            turns += 1
            uploads[next].turn = turns
            if crossing == .zero { break }
        }
        schedule()
        return nil
    }

    private func nextUpload(readyBy now: Instant) -> Int? {
        var best: Int?
        for index in uploads.indices where !uploads[index].isSent && uploads[index].readyAt <= now {
            if let known = best, uploads[known].turn < uploads[index].turn { continue }
            best = index
        }
        return best
    }

    private mutating func schedule() {
        dueAt = .never
        for upload in uploads {
            let time = upload.isSent ? upload.readyAt : max(upload.readyAt, freeAt)
            dueAt = min(dueAt, time)
        }
    }

    private static func time(_ bytes: Int64, _ picoseconds: Int64) -> Interval {
        let total = UInt128(max(bytes, 0)) * UInt128(max(picoseconds, 0)) / 1_000
        return Interval(nanoseconds: Int64(clamping: total))
    }
}
