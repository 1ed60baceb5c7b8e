// What client and server agree on: block size, window, time-out, size. The server takes what it can
// of what was asked and says so; the client refuses an answer that goes beyond what it asked.

/// How block numbers go on behind 65,535; no RFC says.
public enum TFTPRollOver: Int, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// To 0, as nearly everybody does.
    case zero = 0
    /// To 1, as a few do.
    case one = 1
}

/// The terms of one transfer.
public struct TFTPTerms: Hashable, Sendable {
    /// The smallest block, in bytes (RFC 2348).
    public static let blockSizeLeast = 8
    /// The largest block, in bytes (RFC 2348): a UDP packet over IPv4 and a margin.
    public static let blockSizeMost = 65_464
    /// The block without the option, in bytes (RFC 1350).
    public static let blockSizeStandard = 512
    /// The most blocks in a window (RFC 7440).
    public static let windowSizeMost = 65_535
    /// The longest time-out, in seconds (RFC 2349).
    public static let timeoutSecondsMost = 255

    /// Bytes of a block; a shorter one is the last.
    public var blockSize = blockSizeStandard
    /// Blocks sent before an acknowledgement is waited for.
    public var windowSize = 1
    /// The time before a packet is repeated, in seconds; nil where it was not agreed.
    public var timeoutSeconds: Int?
    /// The size of the file in bytes; nil where it was not said.
    public var transferSize: Int64?
    /// How block numbers go on; nil where it was not agreed.
    public var rollOver: TFTPRollOver?
    /// How the bytes are read.
    public var mode = TFTPMode.octet

    /// The terms of RFC 1350.
    public init(mode: TFTPMode = .octet) { self.mode = mode }
}

/// What a client wants to agree on; nil asks for nothing.
public struct TFTPWishes: Hashable, Sendable {
    /// The block size in bytes, 8 to 65,464.
    public var blockSize: Int?
    /// The window in blocks, 1 to 65,535.
    public var windowSize: Int?
    /// The time-out in seconds, 1 to 255.
    public var timeoutSeconds: Int?
    /// The size of the file for a write, 0 for a read, which asks for it (RFC 2349).
    public var transferSize: Int64?
    /// How block numbers are to go on: the option `rollover`, which is tftpd-hpa's and in no RFC.
    public var rollOver: TFTPRollOver?
    /// How the bytes are read.
    public var mode = TFTPMode.octet

    /// No options at all.
    public init() {}

    /// The options of the request.
    public var options: [TFTPOption] {
        var options: [TFTPOption] = []
        if let transferSize { options.append(TFTPOption("tsize", "\(transferSize)")) }
        if let blockSize { options.append(TFTPOption("blksize", "\(blockSize)")) }
        if let timeoutSeconds { options.append(TFTPOption("timeout", "\(timeoutSeconds)")) }
        if let windowSize { options.append(TFTPOption("windowsize", "\(windowSize)")) }
        if let rollOver { options.append(TFTPOption("rollover", "\(rollOver.rawValue)")) }
        return options
    }

    /// The terms that the server's option acknowledgement leaves.
    ///
    /// Throws the words for error 8 where an option was not asked for, came twice, or has a value
    /// that cannot be taken.
    public func terms(acknowledged options: [TFTPOption]) throws(TFTPErrorMessage) -> TFTPTerms {
        var terms = TFTPTerms(mode: mode)
        var seen: [String] = []
        for option in options {
            let name = option.name.lowercased()
            let value = TFTPNumber.read(option.value)
            guard !seen.contains(name) else {
                throw TFTPErrorMessage(.optionRefused, "\(name) came twice")
            }
            seen.append(name)
            let isRight: Bool
            switch (name, value) {
            case ("blksize", .some(let value)):
                isRight = blockSize.map { (8...Int64($0)).contains(value) } ?? false
                if isRight { terms.blockSize = Int(value) }
            case ("windowsize", .some(let value)):
                isRight = windowSize.map { (1...Int64($0)).contains(value) } ?? false
                if isRight { terms.windowSize = Int(value) }
            case ("timeout", .some(let value)):
                isRight = timeoutSeconds.map { Int64($0) == value } ?? false
                terms.timeoutSeconds = timeoutSeconds
            case ("tsize", .some(let value)):
                isRight = transferSize != nil
                terms.transferSize = value
            case ("rollover", .some(let value)):
                isRight = rollOver.map { Int64($0.rawValue) == value } ?? false
                terms.rollOver = rollOver
            default: isRight = false
            }
            guard isRight else {
                throw TFTPErrorMessage(
                    .optionRefused,
                    "\(name) \(option.value) was not asked for"
                )
            }
        }
        return terms
    }
}

/// What a server takes at most.
public struct TFTPLimits: Hashable, Sendable {
    /// The largest block it agrees to, in bytes.
    public var blockSize = TFTPTerms.blockSizeMost
    /// The largest window it agrees to, in blocks; own choice: 4 MiB of blocks of 65,464 bytes.
    public var windowSize = 64
    /// The largest file it takes, in bytes: what a `FirmwareFile` can be.
    public var fileBytes: Int64 = 4_294_967_295

    /// The standard limits.
    public init() {}

    /// The terms for a request, and the options to acknowledge; none of them if there is none.
    ///
    /// Sizes beyond the limits are taken as far as they go; values that no RFC allows, and options
    /// that are not known, are passed over (RFC 2347). `fileSize` is the size of the file that is
    /// read, in bytes, nil for a write.
    public func terms(
        for request: TFTPRequest,
        fileSize: Int64?
    ) -> (terms: TFTPTerms, acknowledged: [TFTPOption]) {
        var terms = TFTPTerms(mode: request.mode)
        var seen: [String] = []
        var taken: [TFTPOption] = []
        for option in request.options {
            let name = option.name.lowercased()
            guard !seen.contains(name), let value = TFTPNumber.read(option.value) else { continue }
            seen.append(name)
            var answer = value
            switch name {
            case "blksize" where value >= TFTPTerms.blockSizeLeast:
                answer = min(value, Int64(blockSize))
                terms.blockSize = Int(answer)
            case "windowsize" where (1...Int64(TFTPTerms.windowSizeMost)).contains(value):
                answer = min(value, Int64(windowSize))
                terms.windowSize = Int(answer)
            case "timeout" where (1...Int64(TFTPTerms.timeoutSecondsMost)).contains(value):
                terms.timeoutSeconds = Int(value)
            case "tsize":
                answer = fileSize ?? value
                terms.transferSize = answer
            case "rollover" where value <= 1: terms.rollOver = value == 0 ? .zero : .one
            default: continue
            }
            taken.append(TFTPOption(option.name, "\(answer)"))
        }
        return (terms, taken)
    }
}

/// Numbers in options.
enum TFTPNumber {
    /// A number of decimal digits, below 2⁶³; nil for anything else, a sign among it.
    static func read(_ text: String) -> Int64? {
        guard (1...19).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        return Int64(text)
    }
}
