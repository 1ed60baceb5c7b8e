// The configuration files of a directory, or one file, as they were read: what each says, and which
// are none. Nothing here changes the world.

import NetIO
import PFSRuntime
import XMLFiles

/// Configuration files that were read.
struct ConfigurationFiles {
    /// A phone's file.
    struct Device {
        let file: String
        let mac: MACAddress
        let configuration: DeviceConfiguration
    }

    /// The default file, if there is one.
    private(set) var defaults: DefaultConfiguration?
    /// The phones' files, by the bytes of their names.
    private(set) var devices: [Device] = []
    /// What the phones' files say that matters for sharing and has no part in the simulation.
    private(set) var facts: [PhoneFileFacts] = []
    /// Files that are wrong, a line each.
    private(set) var complaints: [String] = []

    /// Whether nothing could be read.
    var isEmpty: Bool { defaults == nil && devices.isEmpty }

    /// Reads a file, or the files of a directory that are called as phones ask for them.
    ///
    /// `goesOn` is asked before each file. Throws `FileError` where the path itself cannot be read.
    init(_ path: String, while goesOn: () -> Bool) throws(FileError) {
        do throws(FileError) {
            let bytes = try FileStore.read(path, limitBytes: XMLReader.byteLimit)
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if !take(name, bytes) {
                complaints.append(
                    "\(name): a phone asks for SEP<MAC>.cnf.xml or \(DefaultConfiguration.fileName)"
                )
            }
        } catch .isDirectory {
            for entry in try FileStore.list(path) where Self.isWanted(entry.name) {
                guard goesOn() else { return }
                do throws(FileError) {
                    let bytes = try FileStore.read(
                        "\(path)/\(entry.name)",
                        limitBytes: XMLReader.byteLimit
                    )
                    _ = take(entry.name, bytes)
                } catch {
                    complaints.append(error.description)
                }
            }
        }
    }

    /// Whether a phone would ask for a file of this name.
    static func isWanted(_ name: String) -> Bool {
        name == DefaultConfiguration.fileName || DeviceConfiguration.mac(ofFile: name) != nil
    }

    /// Reads one file; false when its name is not one that phones ask for.
    private mutating func take(_ name: String, _ bytes: [UInt8]) -> Bool {
        let mac = DeviceConfiguration.mac(ofFile: name)
        guard mac != nil || name == DefaultConfiguration.fileName else { return false }
        let root: XMLElement
        do throws(XMLReadError) {
            root = try XMLReader.read(bytes)
        } catch {
            complaints.append("\(name): \(error.description)")
            return true
        }
        do throws(ConfigurationError) {
            if let mac {
                let configuration = try DeviceConfiguration(root)
                devices.append(Device(file: name, mac: mac, configuration: configuration))
                facts.append(PhoneFileFacts(name: name, root))
            } else {
                defaults = try DefaultConfiguration(root)
            }
        } catch {
            complaints.append("\(name): \(error.description)")
        }
        return true
    }

    /// Everything in the files of which nothing is made, with the file it stands in.
    var ignored: [(file: String, element: IgnoredElement)] {
        var all = (defaults?.ignored ?? []).map { (DefaultConfiguration.fileName, $0) }
        for device in devices { all += device.configuration.ignored.map { (device.file, $0) } }
        return all
    }
}
