// What a phone's configuration file says that matters for sharing and has no part in the simulation.

/// Facts of a phone's configuration file.
public struct PhoneFileFacts: Sendable {
    /// The file.
    public let name: String
    /// `ipAddressMode`: 0 IPv4, 1 IPv6, 2 both.
    public let addressMode: Int?
    /// `startMediaPort` and `stopMediaPort`: the ports for RTP.
    public let mediaPorts: (first: Int, last: Int)?

    /// Looks through a file by its root.
    public init(name: String, _ root: XMLElement) {
        self.name = name
        addressMode = Self.number("ipAddressMode", in: root)
        if let first = Self.number("startMediaPort", in: root),
            let last = Self.number("stopMediaPort", in: root)
        {
            // Files with the ends the wrong way round are about.
            mediaPorts = (min(first, last), max(first, last))
        } else {
            mediaPorts = nil
        }
    }

    /// The first element of a name that holds a number, wherever it stands; the reader bounds the depth.
    private static func number(_ name: String, in element: XMLElement) -> Int? {
        if element.name == name, let number = Int(element.text) { return number }
        for child in element.children {
            if let number = number(name, in: child) { return number }
        }
        return nil
    }
}
