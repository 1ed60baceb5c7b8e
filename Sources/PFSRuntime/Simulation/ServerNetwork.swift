// Where files come from: servers, each at a site, and the paths from them to the sites of phones.
// A server is found by its address; a phone that asks an address at which none stands waits in vain.

/// A server from which phones fetch files by TFTP, and by HTTP where it does.
struct ServerRecord: Sendable {
    let name: String
    /// Nil for the first server of a world until somebody gives it one: phones without option 150
    /// know it all the same.
    var address: IPv4Address?
    var site: UInt32
    /// CUCM's Maximum Serving Count: transfers at one time; nil for no limit.
    var servingLimit: Int?
    /// Transfers at this time.
    var serving = 0
    /// Whether it gives files by HTTP too.
    var answersHTTP = false
    /// The loads that it lacks, each once.
    var lacking: [LoadID] = []
    var totals = ServerTotals()

    var isFull: Bool { servingLimit.map { serving >= $0 } ?? false }
}

/// What a server has done since the world began.
public struct ServerTotals: BitwiseCopyable, Hashable, Sendable {
    /// Transfers that it began.
    public internal(set) var transfers = 0
    /// The most transfers at one time.
    public internal(set) var mostAtOnce = 0
    /// Bytes of files that it sent whole.
    public internal(set) var bytes: Int64 = 0
    /// Requests that it refused because it served as many as it may.
    public internal(set) var refusedBusy = 0
    /// Requests for files that it lacks.
    public internal(set) var notFound = 0
}

/// A phone's search for a server that gives it a file, from one request to the next.
struct ServerSearch: BitwiseCopyable, Sendable {
    /// Before the first server of a round.
    static let beforeFirst = UInt8.max
    var file: FileNumber
    /// The place of the server asked, in the phone's list.
    var position = ServerSearch.beforeFirst
    /// By what it is asked.
    var transport = FetchTransport.tftp
    /// How often the phone has been through its list.
    var round: UInt8 = 0
    /// Whether a server answered in this round that it serves too many.
    var hasMetBusy = false
    /// Whether a server did not answer in this round, or no longer.
    var hasMetSilence = false
}

/// All servers of a world, and the ways from them to the phones.
struct ServerNetwork: Sendable {
    var servers: [ServerRecord] = []
    /// The links that transfers share, and the flows over each; made when first needed.
    var links: [NetworkLink] = []
    var paths: [ServerPath] = []
    /// The addresses that configurations name as Load Server; phones hold their places in it.
    var loadServers: [IPv4Address] = []
    /// The Log Servers that configurations name; phones hold their places in it.
    var logServers: [LogServer] = []
    /// The world's seed, for the chance of links and of waiting.
    var seed: UInt64 = 0

    /// Stands for no Load Server in a phone's configuration.
    static let noLoadServer = UInt16.max
    /// The most addresses that configurations of one world name; own choice.
    static let loadServerLimit = 10_000

    func server(at address: IPv4Address) -> Int? {
        servers.firstIndex { $0.address == address }
    }

    /// The place of an address among the Load Servers; it gets one if it has none.
    ///
    /// A world has at most `loadServerLimit` of them, which is checked where one is set.
    mutating func loadServerPlace(_ address: IPv4Address) -> UInt16 {
        if let known = loadServers.firstIndex(of: address) { return UInt16(known) }
        precondition(loadServers.count < Self.loadServerLimit, "more Load Servers than places")
        loadServers.append(address)
        return UInt16(loadServers.count - 1)
    }
}
