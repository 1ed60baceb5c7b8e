// What the language asks of the world it is used in. The language knows no phones: objects, their
// properties, functions and selector keywords are declared in a `Registry`, and the rest, which is
// time, files and the log, is this protocol.

/// The world that scripts act on.
public protocol Host: SendableMetatype {
    /// What is to be done while time goes on; set by the interpreter.
    ///
    /// A host that lets time pass asks it as `Agenda.act` says. One that does not leaves this to the
    /// default, and has no `at`, `every`, `when` and `never`.
    var agenda: Agenda<Self>? { get set }

    /// The path of the script in which the present command stands; nil where it is no file. Set by the
    /// interpreter before each command, for hosts whose commands read files.
    var callingFile: String? { get set }

    /// What the filters behind the present command need of a table that it gives. Set by the interpreter
    /// before each command; a command may always give all.
    var demand: TableDemand { get set }

    /// An independent world in the same state, for tests. The default is for a host that is a value
    /// through and through.
    func copy() -> Self

    /// Refuses, by a diagnostic that says why, to have a block tried on a copy.
    func checkMayBeTried() throws(Diagnostic)

    /// A copy for `try`, which nobody is to take for the world itself.
    func copyForTrial() -> Self

    /// Lets time pass as it would without a block that was tried on a copy: to where `tried` is.
    mutating func goOn(beside tried: Self) throws(Diagnostic)

    /// What is different after a block was tried: in `tried`, where it ran, and in `alone`, where as
    /// much time passed without it. `trouble` is what stopped the latter.
    func differences(tried: Self, alone: Self, trouble: Diagnostic?) -> Output

    /// The next time at which the clock shows a time of day such as `22:00`, in nanoseconds since
    /// the world began. Throws a diagnostic where the text is none, or the world has no calendar.
    func nextTime(ofDay text: String) throws(Diagnostic) -> Int64

    /// The virtual time since the world began, in nanoseconds.
    var now: Int64 { get }

    /// How `nanoseconds` since the world began is shown: a virtual time or a wall time.
    func displayTime(_ nanoseconds: Int64) -> String

    /// Whether the user asked to stop; looked at every few hundred steps of a script.
    var isInterrupted: Bool { get }

    /// The bytes of the script at `path`, with the path under which diagnostics show it.
    ///
    /// A relative path belongs to the folder of the script named `including`, or to the working
    /// directory if that is nil.
    func readSource(
        _ path: String,
        including: String?
    ) throws(SourceReadFailure) -> (name: String, bytes: [UInt8])

    /// Writes `text` to the file at `path`, replacing what is there; a relative path is resolved as
    /// for `readSource`.
    ///
    /// Throws a diagnostic of kind `.outside` where that fails.
    func save(_ text: String, to path: String, including: String?) throws(Diagnostic)

    /// Lets the world go on until `condition` holds or `limitNanoseconds` have passed.
    ///
    /// Looks at the condition at once and after every event; gives whether it came to hold.
    /// Throws what the condition throws, and an error of kind `.interrupted` if the user stops it.
    mutating func run(
        until condition: inout Condition<Self>,
        within limitNanoseconds: Int64
    ) throws(Diagnostic) -> Bool

    /// How many lines the log has had so far: a place in the log.
    var logMark: Int { get }

    /// Whether a log line from `mark` on matches; of the objects in `selection` if there is one.
    func logHasLine(matching pattern: Pattern, of selection: Selection?, from mark: Int) -> Bool

    /// A text is about to run: a script, a line typed, or what `source` names.
    mutating func willRun(_ script: SourceText)

    /// A command that changes the world has done so; `text` is how it was written.
    mutating func didChange(by command: CommandSignature, text: String)

    /// The place of an object among all where a share of them is wanted, as in `10% of all`.
    ///
    /// The same for the same object and seed, so that the same share is found again.
    func rank(of object: Int) -> UInt64

    /// The command that repeats what the process does, for who has to look into a failed expectation;
    /// nil where there is none, as at a prompt.
    var repetition: String? { get }

    /// Lines that help to understand why an expectation about these objects failed, such as the
    /// last log lines of each.
    func notes(about objects: [ObjectReference]) -> [String]
}

extension Host {
    /// None: nothing is done while time goes on.
    public var agenda: Agenda<Self>? {
        get { nil }
        set { _ = newValue }
    }

    /// Not kept: commands of this host read no files.
    public var callingFile: String? {
        get { nil }
        set { _ = newValue }
    }

    /// Not kept: commands of this host give all of their tables.
    public var demand: TableDemand {
        get { .cells }
        set { _ = newValue }
    }

    /// None.
    public var repetition: String? { nil }

    /// The same value.
    public func copy() -> Self { self }

    /// Any world can be copied.
    public func checkMayBeTried() throws(Diagnostic) {}

    /// A copy as for a test.
    public func copyForTrial() -> Self { copy() }

    /// Nothing, for a world in which no time passes.
    public mutating func goOn(beside tried: Self) throws(Diagnostic) {}

    /// Nothing, for a world that cannot be compared.
    public func differences(tried: Self, alone: Self, trouble: Diagnostic?) -> Output { .none }

    /// Refuses, for a world without a calendar.
    public func nextTime(ofDay text: String) throws(Diagnostic) -> Int64 {
        throw Diagnostic("this world has no time of day")
    }

    /// The time as a duration, for a world without a calendar.
    public func displayTime(_ nanoseconds: Int64) -> String {
        Value.duration(nanoseconds: nanoseconds).text
    }

    /// Refuses, for a world that writes no files.
    public func save(
        _ text: String,
        to path: String,
        including: String?
    ) throws(Diagnostic) {
        throw Diagnostic("this world writes no files", kind: .outside)
    }

    /// No lines, for a world without a log.
    public var logMark: Int { 0 }

    /// Never, for a world without a log.
    public func logHasLine(
        matching pattern: Pattern,
        of selection: Selection?,
        from mark: Int
    ) -> Bool { false }

    /// Nothing, for a world that needs no preparation.
    public mutating func willRun(_ script: SourceText) {}

    /// Nothing, for a world that does not remember what changed it.
    public mutating func didChange(by command: CommandSignature, text: String) {}

    /// Shares are drawn as a hash of the object's number has it, for a world without a seed.
    public func rank(of object: Int) -> UInt64 {
        // The finishing step of SplitMix64 (Steele, Lea and Flood 2014).
        var bits = UInt64(truncatingIfNeeded: object) &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// No lines, for a world that has nothing to add.
    public func notes(about objects: [ObjectReference]) -> [String] { [] }
}

/// Why a script could not be read.
public enum SourceReadFailure: Error, Sendable, Equatable {
    /// There is no such file.
    case notFound

    /// It is a directory.
    case isDirectory

    /// It may not be read, or reading failed; the text is the system's reason.
    case notReadable(String)

    /// It has more bytes than `Limits.scriptBytes`.
    case tooLarge

    /// The failure as a diagnostic about `path`.
    public func diagnostic(_ path: String, at range: SourceRange? = nil) -> Diagnostic {
        switch self {
        case .notFound: Diagnostic("there is no file \(path)", at: range, kind: .outside)
        case .isDirectory:
            Diagnostic("\(path) is a directory, not a script", at: range, kind: .outside)
        case .notReadable(let reason):
            Diagnostic("\(path) cannot be read: \(reason)", at: range, kind: .outside)
        case .tooLarge:
            Diagnostic(
                "\(path) has more than the \(Limits.scriptBytes) bytes of the longest script",
                at: range
            )
        }
    }
}
