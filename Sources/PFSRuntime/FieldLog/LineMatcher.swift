// Which kind of line a text is: each process's forms, found by their first byte.

/// Finds the kind of a line.
enum LineMatcher {
    /// What became of a text.
    enum Result {
        /// A line of a known kind.
        case whole(LoggedEvent, [String])
        /// How such a line begins.
        case beginning
        /// The process is known, the words are not.
        case unknown
        /// Another process.
        case otherProcess
    }

    /// The processes that print downloads: that of the 79xx, and by its name that of the 78xx (modelled:
    /// no public log has its lines of peer firmware sharing).
    static let downloadTasks: [[UInt8]] = [Array("DLoad".utf8), Array("downd".utf8)]

    /// For each process and first byte the kinds that may be meant; byte 0 for those with a field there.
    private static let table: [[UInt8]: [UInt8: [LoggedEvent]]] = {
        var table: [[UInt8]: [UInt8: [LoggedEvent]]] = [:]
        for event in LoggedEvent.allCases {
            let kind = event.kind
            let first = kind.line.prefix.first ?? 0
            let tasks = kind.task == "DLoad" ? downloadTasks : [Array(kind.task.utf8)]
            for task in tasks { table[task, default: [:]][first, default: []].append(event) }
        }
        return table
    }()

    /// Whether lines of a process can be understood at all.
    static func knows(_ task: ArraySlice<UInt8>) -> Bool { table[Array(task)] != nil }

    /// Finds what a process's text says.
    static func match(task: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Result {
        guard let kinds = table[Array(task)] else { return .otherProcess }
        guard let first = text.first else { return .unknown }
        var result = Result.unknown
        for event in (kinds[first] ?? []) + (kinds[0] ?? []) {
            switch event.kind.line.read(text) {
            case .whole(let values): return .whole(event, values)
            case .beginning: result = .beginning
            case .none: continue
            }
        }
        return result
    }
}
