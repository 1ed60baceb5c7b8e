// The file for phones without one of their own, XMLDefault.cnf.xml: which load each model runs. Some
// samples carry the three levels as well (attested); they count for all phones [modelled].

/// What the default file says.
public struct DefaultConfiguration: Sendable {
    /// The name of the file.
    public static let fileName = "XMLDefault.cnf.xml"
    /// The root of such a file.
    public static let rootName = "Default"

    /// The load of one model.
    public struct Load: Hashable, Sendable {
        /// CUCM's number for the model, which public samples sometimes have wrong.
        public var deviceType: UInt32
        /// The model in words, as the attribute has it.
        public var model: String?
        /// The name of the load.
        public var load: String

        /// The load of a model.
        public init(deviceType: UInt32, model: String?, load: String) {
            self.deviceType = deviceType
            self.model = model
            self.load = load
        }
    }

    /// The loads in their order.
    public var loads: [Load] = []
    /// What the levels say together, the later ones over the earlier ones.
    public var level = ConfigurationLevel()
    /// The commands of pfsh that make what such files cannot say.
    public var commands: [String] = []
    /// Everything else.
    public private(set) var ignored: [IgnoredElement] = []

    /// A configuration that says nothing.
    public init() {}

    /// Reads a document by its root.
    ///
    /// Throws when it is another kind of document.
    public init(_ root: XMLElement) throws(ConfigurationError) {
        guard root.name == Self.rootName else {
            throw ConfigurationError(
                description: "the root is <\(root.name)>, that of \(Self.fileName) is "
                    + "<\(Self.rootName)>"
            )
        }
        for name in ["enterpriseConfig", "commonConfig", "vendorConfig"] {
            for child in root.children where child.name == name {
                level.read(child, &ignored, in: Self.rootName)
            }
        }
        for child in root.children { read(child) }
    }

    private mutating func read(_ element: XMLElement) {
        switch element.name {
        case "enterpriseConfig", "commonConfig", "vendorConfig": return
        case DeviceConfiguration.ownName:
            for child in element.children {
                if child.name == "command" {
                    commands.append(child.text)
                } else {
                    ignored.append(
                        IgnoredElement(child, in: "Default/pfsh", "not known to this version")
                    )
                }
            }
        case _ where element.name.hasPrefix("loadInformation"):
            let digits = element.name.dropFirst("loadInformation".count)
            guard let number = UInt32(digits) else {
                return ignore(element, "no number of a model behind `loadInformation`")
            }
            guard !element.text.isEmpty else { return }
            loads.append(
                Load(
                    deviceType: number,
                    model: element.attribute("model"),
                    load: element.text
                )
            )
        default: ignore(element, IgnoredElement.noPartReason)
        }
    }

    private mutating func ignore(_ element: XMLElement, _ reason: String) {
        ignored.append(IgnoredElement(element, in: Self.rootName, reason))
    }

    /// The file's root.
    public var element: XMLElement {
        var children = loads.map { load in
            XMLElement(
                "loadInformation\(load.deviceType)",
                attributes: load.model.map { [XMLElement.Attribute("model", $0)] } ?? [],
                text: load.load
            )
        }
        if let level = level.element("enterpriseConfig") { children.append(level) }
        if !commands.isEmpty {
            let lines = commands.map { XMLElement("command", text: $0) }
            children.append(XMLElement(DeviceConfiguration.ownName, children: lines))
        }
        return XMLElement(Self.rootName, children: children)
    }
}
