// Who has which address. A child's lines do not say its own address; those of its parent do: who was taken in
// when. Where a parent took in several at nearly the same moment, all files together tell them apart, and so
// do grandchildren: who is said to be a parent has to have taken somebody in.

/// Addresses of phones whose own lines say none.
enum ChildAddresses {
    /// How much later than its parent's line a child's may stand: consoles are slow, and clocks differ.
    private static let handshakeMicroseconds: Int64 = 2_000_000
    /// How far apart the two lines of a grandchild's handshake may stand to count (own choice: consoles of
    /// one network differ less).
    private static let nearMicroseconds: Int64 = 250_000
    /// The most candidates of a phone that are weighed against those of others (own choice).
    private static let candidateLimit = 8
    /// The most handshakes with one address that are weighed (own choice: what a phone remembers).
    private static let handshakeLimit = 512
    /// The most rounds: each settles a level of a hierarchy, or some phones that others stood in the way
    /// of (own choice: the levels of a million phones, and a few more).
    private static let roundLimit = 24

    /// What speaks for an address of a phone.
    private struct Candidate {
        let phone: Int
        let address: IPv4Address
        /// Files in which a parent took the address in when the phone says it was, and grandchildren that
        /// fit, less those that do not.
        var votes: Int
        /// The distances of those moments, all together.
        var distance: Int64

        func isBetter(than other: Candidate) -> Bool {
            (votes, -distance, -phone) > (other.votes, -other.distance, -other.phone)
        }
    }

    /// Fills in the addresses that can be told; answers the place of each address.
    static func infer(for phones: inout [PhoneStory]) -> [IPv4Address: Int] {
        var known = Dictionary(
            phones.indices.compactMap { place in phones[place].address.map { ($0, place) } },
            uniquingKeysWith: { first, _ in first }
        )
        let handshakes = handshakes(of: phones)
        for _ in 0..<roundLimit {
            var found: [Candidate] = []
            for place in phones.indices where phones[place].address == nil {
                found += candidates(of: place, phones, known, handshakes)
            }
            guard !found.isEmpty else { break }
            for one in found.sorted(by: { $0.isBetter(than: $1) })
            where known[one.address] == nil && phones[one.phone].address == nil {
                phones[one.phone].address = one.address
                phones[one.phone].addressIsInferred = true
                known[one.address] = one.phone
            }
        }
        return known
    }

    /// When phones say that they were taken in by an address, in the order of time.
    private static func handshakes(of phones: [PhoneStory]) -> [IPv4Address: [Int64]] {
        var moments: [IPv4Address: [Int64]] = [:]
        for phone in phones {
            for file in phone.files {
                guard let line = file.first(.accepted), let parent = parent(line),
                    moments[parent, default: []].count < handshakeLimit
                else { continue }
                moments[parent, default: []].append(line.microseconds)
            }
        }
        return moments
    }

    private static func parent(_ line: LoggedLine) -> IPv4Address? {
        line.value(.address).flatMap { IPv4Address($0) }
    }

    /// The addresses that a phone can have, the likeliest first.
    private static func candidates(
        of place: Int,
        _ phones: [PhoneStory],
        _ known: [IPv4Address: Int],
        _ handshakes: [IPv4Address: [Int64]]
    ) -> [Candidate] {
        var found: [IPv4Address: Candidate] = [:]
        var order: [IPv4Address] = []
        var parents: [IPv4Address] = []
        for file in phones[place].files {
            guard let line = file.first(.accepted), let parent = parent(line) else { continue }
            parents.append(parent)
            guard let giver = known[parent] else { continue }
            var nearest: [IPv4Address: Int64] = [:]
            for child in phones[giver].children where known[child.address] == nil {
                let distance = abs(line.microseconds - child.line.microseconds)
                guard distance < nearest[child.address] ?? handshakeMicroseconds else { continue }
                if nearest[child.address] == nil, found[child.address] == nil {
                    found[child.address] = Candidate(
                        phone: place,
                        address: child.address,
                        votes: 0,
                        distance: 0
                    )
                    order.append(child.address)
                }
                nearest[child.address] = distance
            }
            for address in order {
                guard let distance = nearest[address] else { continue }
                found[address]?.votes += 1
                found[address]?.distance += distance
            }
        }
        let taken = phones[place].children.map(\.line.microseconds).sorted()
        for address in order {
            found[address]?.votes += fit(handshakes[address] ?? [], taken)
        }
        // Nobody is a parent's own child.
        return order.filter { !parents.contains($0) }.compactMap { found[$0] }
            .sorted { $0.isBetter(than: $1) }.prefix(candidateLimit).map { $0 }
    }

    /// How many of the moments at which somebody was taken in by an address are moments at which the phone
    /// took somebody in, less the others.
    private static func fit(_ moments: [Int64], _ taken: [Int64]) -> Int {
        moments.reduce(0) { sum, moment in
            var (low, high) = (0, taken.count)
            while low < high {
                let middle = (low + high) / 2
                if taken[middle] < moment - nearMicroseconds {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            let fits = low < taken.count && taken[low] <= moment + nearMicroseconds
            return sum + (fits ? 1 : -1)
        }
    }
}
