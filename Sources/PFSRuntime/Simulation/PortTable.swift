// The ports of phones that send something. Nearly all phones send nothing at any one time, and an idle
// port has nothing to remember.

internal import BasicContainers

/// What each phone's port carries, by the number of the phone.
struct PortTable: ~Copyable {
    /// The place of a phone's port in `links`; `idle` when it carries nothing.
    private var places = UniqueArray<UInt32>()
    private var links = UniqueArray<SharedLink>()
    private var free = UniqueArray<UInt32>()

    private static var idle: UInt32 { .max }

    init() {}

    private init(copying other: borrowing PortTable) {
        places = other.places.clone()
        links = other.links.clone()
        free = other.free.clone()
    }

    func copy() -> PortTable { PortTable(copying: self) }

    /// Makes room for one phone more.
    mutating func append() { places.append(Self.idle) }

    /// How many flows go out of all ports.
    var flowCount: Int {
        var count = 0
        for place in 0..<links.count { count += links[place].count }
        return count
    }

    /// The port of a phone.
    subscript(phone: Int) -> SharedLink {
        get { places[phone] == Self.idle ? SharedLink() : links[Int(places[phone])] }
        _modify {
            if places[phone] == Self.idle {
                if let place = free.popLast() {
                    places[phone] = place
                } else {
                    places[phone] = UInt32(links.count)
                    links.append(SharedLink())
                }
            }
            let place = Int(places[phone])
            yield &links[place]
            if links[place].isIdle {
                free.append(UInt32(place))
                places[phone] = Self.idle
            }
        }
    }
}
