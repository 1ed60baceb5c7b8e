// What phones ask of a real network, and what it tells them, as values. An attached world decides
// everything that phones decide; a driver with sockets carries these orders out and hands in what
// comes of them. Addresses are the world's own: a driver that has to use others translates.

/// One thing that a phone of an attached world asks of the network.
public enum NetworkAction: BitwiseCopyable, Hashable, Sendable {
    /// The phone is up and has something to do: it listens from now on.
    case appear
    /// The phone is gone, as if its power were cut: its sockets close, its transfers end.
    case vanish
    /// Broadcast a message about a file, not before an instant.
    case broadcast(PeerMessage, FileNumber, at: Instant)
    /// Send a message over the link about a file; a Join opens the link.
    case send(PeerMessage, FileNumber, to: IPv4Address)
    /// Close the link about a file.
    case close(FileNumber, IPv4Address)
    /// Send the whole file over the link to a child, or as many other bytes.
    case upload(FileNumber, to: IPv4Address, isWrong: Bool)
    /// Stop sending the file to a child.
    case endUpload(FileNumber, to: IPv4Address)
    /// Fetch the file by TFTP from a server, nil where it has no address, and answer each block so much
    /// later.
    case fetch(FileNumber, from: IPv4Address?, blockDelay: Interval)
    /// Throw away what is being received.
    case endDownload
    /// Keep only the first bytes of what came last, or change one where that is all of it: it is to be
    /// another file.
    case spoil(FileNumber, bytes: Int64)
    /// Check the file that came last.
    case verify(FileNumber)
    /// Give the checked file its final name.
    case write(FileNumber)
    /// From now on read from the phone's sockets or leave what comes there, and go on with files that it
    /// sends or let them stand still.
    case restrain(reads: Bool, sends: Bool)
}

/// An action with the phone that asks for it.
public struct NetworkOrder: BitwiseCopyable, Hashable, Sendable {
    /// The phone.
    public let phone: PhoneNumber
    /// Counts the phone's restarts; an answer to an order of an earlier life means nothing.
    public let incarnation: UInt16
    /// What is asked for.
    public let action: NetworkAction
}

/// One thing that the network tells a phone.
public enum NetworkEvent: Hashable, Sendable {
    /// A message came over the link about a file.
    case received(PeerMessage, FileNumber, from: IPv4Address)
    /// A link was reset, refused, or could not be opened.
    case linkLost(FileNumber, IPv4Address)
    /// So many bytes of the present file have come, of a parent's from 0 on; a parent's address, nil for
    /// the server.
    case progress(bytes: Int64, from: IPv4Address?)
    /// The fetch ended; the server that gave the file, and its bytes, if it was whole.
    case fetchEnded(FetchOutcome, server: IPv4Address?, bytes: Int64)
    /// The whole file came from a parent.
    case fileArrived(FileNumber, from: IPv4Address)
    /// The file was checked.
    case verified(Bool)
    /// The file has its final name.
    case written
}
