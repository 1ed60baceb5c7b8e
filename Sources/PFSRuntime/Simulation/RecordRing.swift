// The last records of a long sequence: of the log, the alarms, the events. They are kept in pieces that
// copies share, so that a world kept for going back costs no second log.

/// A bounded sequence: when it is full, the oldest record goes for each that comes.
struct RecordRing<Record: Sendable>: Sendable {
    /// The records of a piece: what a copy that goes on has to copy is one piece at most.
    static var pieceCapacity: Int { 4_096 }

    /// How many records are kept.
    let capacity: Int
    private var pieces: [[Record]] = []
    /// How many records of the first piece have gone.
    private var start = 0
    /// How many records there are.
    private(set) var count = 0
    /// How many have gone.
    private(set) var dropped = 0

    /// An empty sequence that will keep `capacity` records.
    init(capacity: Int) { self.capacity = capacity }

    mutating func append(_ record: Record) {
        if start + count == pieces.count * Self.pieceCapacity { pieces.append([]) }
        pieces[pieces.count - 1].append(record)
        count += 1
        guard count > capacity else { return }
        count -= 1
        dropped += 1
        start += 1
        guard start == Self.pieceCapacity else { return }
        pieces.removeFirst()
        start = 0
    }

    /// The record at `index`, counted from the oldest kept.
    subscript(index: Int) -> Record {
        precondition(index >= 0 && index < count, "there is no record \(index)")
        let place = start + index
        return pieces[place / Self.pieceCapacity][place % Self.pieceCapacity]
    }
}
