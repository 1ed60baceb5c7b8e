// Everything that can happen to a phone. The driver, simulated or real, turns the world into these
// values and hands them over one at a time.

/// What a phone is to upgrade to: the files of a load in the order of request.
public struct UpgradeJob: BitwiseCopyable, Sendable {
    /// The most files that one load may have; 79xx loads have six (attested), 78xx fewer.
    public static let fileLimit = 8
    /// The files, `.loads` first.
    public private(set) var files: InlineArray<8, FileNumber>
    /// How many entries of `files` count.
    public var count: Int { Int(fileCount) }
    private var fileCount: UInt8
    /// How many of the first files the phone has in flash already, from before its power went.
    public var keptCount: Int { Int(kept) }
    private var kept: UInt8 = 0
    /// Whether the phone takes part in peer firmware sharing.
    public var shares: Bool
    /// Whether it asks the server for a file when it hears a root or a holder: bug CSCus67416.
    public var passesOverRoots = false

    /// Makes a job of `files`, of which there are 1 to `fileLimit`.
    public init?(files list: [FileNumber], shares: Bool) {
        guard (1...Self.fileLimit).contains(list.count) else { return nil }
        files = InlineArray(repeating: .none)
        for index in list.indices { files[index] = list[index] }
        fileCount = UInt8(list.count)
        self.shares = shares
    }

    /// The first `count` files are in flash already.
    mutating func keep(_ count: Int) { kept = UInt8(max(0, min(count, self.count))) }

    /// What the planted defect of reordered files does; a load of one file has nothing to reorder.
    mutating func swapLastFiles() {
        guard count > 1 else { return }
        let last = files[count - 1]
        files[count - 1] = files[count - 2]
        files[count - 2] = last
    }
}

/// How a TFTP fetch ended.
public enum FetchOutcome: BitwiseCopyable, Hashable, Sendable {
    /// The whole file is there.
    case done
    /// The server does not have the file, or does not give it.
    case refused(FailureReason)
    /// The server stopped answering.
    case timedOut
    /// All servers were busy, again and again.
    case busy
}

/// Why a file is not in flash.
public enum FlashFailure: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// There is no room for it.
    case full
    /// What is read back is not what was written.
    case damaged
}

/// One thing that happens to a phone.
public enum PeerInput: BitwiseCopyable, Sendable {
    /// The phone has read its configuration and finds a load to fetch.
    case start(UpgradeJob)
    /// The phone runs the load of the job, and gives its files to phones that want them.
    case serve(UpgradeJob)
    /// The configuration changed whether the phone shares; acts at the next file.
    case sharing(Bool)
    /// A deadline that the phone asked for has come.
    case wake
    /// A broadcast about a file, of the phone's own subnet and model.
    case heard(PeerMessage, FileNumber, from: IPv4Address)
    /// A message over a link about a file.
    case received(PeerMessage, FileNumber, from: IPv4Address)
    /// A link about a file was reset, refused or could not be opened.
    case linkLost(FileNumber, IPv4Address)
    /// The phone's own TFTP fetch ended.
    case fetchEnded(FetchOutcome)
    /// The whole file came from the parent.
    case fileArrived
    /// The file was checked.
    case verified(Bool)
    /// The file is in flash.
    case written
    /// The file is not in flash, although it was to be written.
    case writeFailed(FlashFailure)
    /// The file comes from the parent no further, though the link is there.
    case stalled
    /// The new load runs.
    case applied
    /// The upgrade is called off.
    case cancel
}

/// What became of an input.
public enum Verdict: BitwiseCopyable, Hashable, Sendable {
    /// It changed something, or could have.
    case handled
    /// It meant nothing here; the reason is counted.
    case ignored(IgnoredReason)
}

/// Why an input meant nothing.
public enum IgnoredReason: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// A wake-up that an earlier or later deadline has replaced.
    case staleWake
    /// A message about a file that the phone neither wants nor holds.
    case otherFile
    /// A message over a link that the phone does not have.
    case unknownLink
    /// An input that the present stage does not expect.
    case unexpectedHere
}
