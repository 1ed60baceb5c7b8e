// A phone's own configuration file, SEP<MAC>.cnf.xml. A reader goes by names, not by order: files of
// different makers differ (attested). What only pfsh can know of a phone stands in an element of its
// own, which phones pass over as they do any that they do not know.

/// What a file says of one phone.
public struct DeviceConfiguration: Sendable {
    /// The root of such a file.
    public static let rootName = "device"
    /// The element of pfsh's own.
    public static let ownName = "pfsh"
    /// The most load names that a file may name before the rest is ignored: one.
    private static let loadElement = "loadInformation"

    /// The protocol; nil where it is not said.
    public var deviceProtocol: DeviceProtocol?
    /// The load that the phone shall run; nil where none is named.
    public var load: String?
    /// CUCM's number for the model, where `loadInformation` carries it or `deviceType` says it.
    public var deviceType: UInt32?
    /// The model in words.
    public var model: String?
    /// The phone's name in pfsh.
    public var name: String?
    /// The name of its common phone profile in pfsh.
    public var profile: String?
    /// The enterprise's level.
    public var enterprise = ConfigurationLevel()
    /// The level of the common phone profile.
    public var common = ConfigurationLevel()
    /// The phone's own level.
    public var vendor = ConfigurationLevel()
    /// Everything else.
    public private(set) var ignored: [IgnoredElement] = []

    /// A configuration that says nothing.
    public init() {}

    /// The MAC address that a file's name holds; nil when it is not SEP<MAC>.cnf.xml.
    public static func mac(ofFile name: some StringProtocol) -> MACAddress? {
        guard name.hasPrefix("SEP"), name.hasSuffix(".cnf.xml"), name.utf8.count == 23 else {
            return nil
        }
        let digits = name.dropFirst(3).prefix(12)
        guard digits.utf8.allSatisfy({ (48...57).contains($0) || (65...70).contains($0) }) else {
            return nil
        }
        return MACAddress(digits)
    }

    /// The name of the file of a phone.
    public static func fileName(_ mac: MACAddress) -> String { "SEP\(mac).cnf.xml" }

    /// Reads a document by its root.
    ///
    /// Throws when it is another kind of document.
    public init(_ root: XMLElement) throws(ConfigurationError) {
        guard root.name == Self.rootName else {
            throw ConfigurationError(
                description: "the root is <\(root.name)>, a phone's is <\(Self.rootName)>"
            )
        }
        for child in root.children { read(child) }
    }

    private mutating func read(_ element: XMLElement) {
        switch element.name {
        case "vendorConfig": vendor.read(element, &ignored, in: Self.rootName)
        case "commonConfig": common.read(element, &ignored, in: Self.rootName)
        case "enterpriseConfig": enterprise.read(element, &ignored, in: Self.rootName)
        case "deviceProtocol": readProtocol(element)
        case Self.ownName: readOwn(element)
        case "deviceType": readModel(element, text: element.text)
        case "fullConfig": return
        case _ where element.name.hasPrefix(Self.loadElement): readLoad(element)
        default: ignore(element, IgnoredElement.noPartReason)
        }
    }

    private mutating func readProtocol(_ element: XMLElement) {
        guard let named = DeviceProtocol(element.text) else {
            return ignore(element, "neither SCCP nor SIP")
        }
        deviceProtocol = named
    }

    /// `loadInformation`, or `loadInformation30018 model="…"` as in the default file.
    private mutating func readLoad(_ element: XMLElement) {
        let digits = element.name.dropFirst(Self.loadElement.count)
        if !digits.isEmpty {
            guard let number = UInt32(digits) else {
                return ignore(element, "no number of a model behind `\(Self.loadElement)`")
            }
            deviceType = number
        }
        if let words = element.attribute("model") { readModel(element, text: words) }
        guard !element.text.isEmpty else { return }
        guard load == nil else { return ignore(element, "a second load") }
        load = element.text
    }

    private mutating func readModel(_ element: XMLElement, text: String) {
        if let number = UInt32(text) {
            deviceType = number
        } else if !text.isEmpty {
            model = text
        }
    }

    private mutating func readOwn(_ element: XMLElement) {
        for child in element.children {
            switch child.name {
            case "name": name = child.text
            case "model": readModel(child, text: child.text)
            case "profile": profile = child.text
            default:
                ignored.append(
                    IgnoredElement(child, in: "device/pfsh", "not known to this version")
                )
            }
        }
    }

    private mutating func ignore(_ element: XMLElement, _ reason: String) {
        ignored.append(IgnoredElement(element, in: Self.rootName, reason))
    }

    /// The file's root, elements in the order of public descriptions.
    public var element: XMLElement {
        var own: [XMLElement] = []
        if let name { own.append(XMLElement("name", text: name)) }
        if let model { own.append(XMLElement("model", text: model)) }
        if let profile { own.append(XMLElement("profile", text: profile)) }
        var children = [XMLElement("fullConfig", text: "true")]
        if let deviceProtocol {
            children.append(XMLElement("deviceProtocol", text: deviceProtocol.description))
        }
        if let load { children.append(XMLElement(Self.loadElement, text: load)) }
        let levels = [
            vendor.element("vendorConfig"), common.element("commonConfig"),
            enterprise.element("enterpriseConfig"),
        ]
        children += levels.compactMap { $0 }
        if !own.isEmpty { children.append(XMLElement(Self.ownName, children: own)) }
        return XMLElement(Self.rootName, children: children)
    }
}
