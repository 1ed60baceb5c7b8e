// The hierarchies that logs tell of: for each file and transaction who was root, and who had whom as a
// parent. A parent whose own log is missing is known by its address.

/// A phone's place in a hierarchy.
public struct LoggedPlace: Sendable {
    /// The phone, as an index into the story's; nil where its log is missing.
    public let phone: Int?
    /// Its address, where it is known.
    public let address: IPv4Address?
    /// The file's story among the phone's.
    public let file: Int?
    /// Those that had it as a parent, as indexes into the hierarchy's places.
    public fileprivate(set) var children: [Int] = []
}

/// The hierarchy of one file under one transaction.
public struct LoggedHierarchy: Sendable {
    /// The file.
    public let file: String
    /// The transaction id that root and children print; empty for phones without one.
    public let transaction: String
    /// The model, where a line says it.
    public fileprivate(set) var model: String?
    /// All places.
    public fileprivate(set) var places: [LoggedPlace] = []
    /// The places without a parent.
    public fileprivate(set) var tops: [Int] = []
    /// When the first of them was decided.
    public fileprivate(set) var begin: Int64

    /// Levels below the root.
    public var depth: Int {
        var deepest = 0
        var level = tops
        var seen = tops.count
        while seen <= places.count {
            let next = level.flatMap { places[$0].children }
            if next.isEmpty { break }
            deepest += 1
            seen += next.count
            level = next
        }
        return deepest
    }
}

extension LogStory {
    /// The hierarchies, in the order in which they came about.
    public var hierarchies: [LoggedHierarchy] {
        var found: [LoggedHierarchy] = []
        var numbers: [String: Int] = [:]
        for (number, phone) in phones.enumerated() {
            for (index, story) in phone.files.enumerated() {
                guard story.role == .root || story.role == .child, let file = story.file,
                    let line = story.decision
                else { continue }
                let transaction = line.value(.transaction) ?? ""
                let key = "\(transaction) \(file)"
                let place: Int
                if let known = numbers[key] {
                    place = known
                } else {
                    place = found.count
                    numbers[key] = place
                    found.append(
                        LoggedHierarchy(
                            file: file,
                            transaction: transaction,
                            begin: line.microseconds
                        )
                    )
                }
                found[place].begin = min(found[place].begin, line.microseconds)
                found[place].model = found[place].model ?? line.value(.model)
                found[place].places.append(
                    LoggedPlace(phone: number, address: phone.address, file: index)
                )
            }
        }
        for index in found.indices { link(&found[index]) }
        return found.sorted { ($0.begin, $0.file) < ($1.begin, $1.file) }
    }

    private func link(_ hierarchy: inout LoggedHierarchy) {
        var byAddress: [IPv4Address: Int] = [:]
        for (index, place) in hierarchy.places.enumerated() {
            if let address = place.address { byAddress[address] = index }
        }
        for index in hierarchy.places.indices {
            let place = hierarchy.places[index]
            guard let phone = place.phone, let file = place.file,
                let parent = phones[phone].files[file].parent
            else {
                hierarchy.tops.append(index)
                continue
            }
            if let known = byAddress[parent] {
                // A phone may be root first and give way later: it is a top all the same.
                if known != index { hierarchy.places[known].children.append(index) }
            } else {
                byAddress[parent] = hierarchy.places.count
                hierarchy.tops.append(hierarchy.places.count)
                hierarchy.places.append(
                    LoggedPlace(phone: nil, address: parent, file: nil, children: [index])
                )
            }
        }
    }
}
