// Texts of strangers: configuration files of phones, and log lines. What was read is written and read again
// as the same.

internal import PFSRuntime
internal import XMLFiles

extension FuzzTarget {
    static func configuration(_ bytes: [UInt8]) {
        let root: XMLElement
        do throws(XMLReadError) {
            root = try XMLReader.read(bytes)
        } catch {
            precondition((0...bytes.count).contains(error.offset), "\(error)")
            return
        }
        precondition(root.elementCount <= XMLReader.elementLimit, "too many elements")
        if let device = try? DeviceConfiguration(root) {
            // Empty names and texts of blanks come back as nothing said: all else as it was.
            let element = device.element
            guard let again = try? DeviceConfiguration(element) else {
                preconditionFailure("what was written is no configuration")
            }
            precondition(again.element == element, "a configuration changes when it is written")
        }
        if let defaults = try? DefaultConfiguration(root) {
            guard let again = try? DefaultConfiguration(defaults.element) else {
                preconditionFailure("what was written is no default file")
            }
            precondition(again.loads == defaults.loads, "loads change when they are written")
        }
    }

    static func syslog(_ bytes: [UInt8]) {
        let message = SyslogMessage(bytes)
        precondition((0...23).contains(message.facility), "a facility that is none")
        precondition((0...7).contains(message.severity), "a severity that is none")
        for scalar in message.text.unicodeScalars {
            precondition(scalar.value >= 0x20 && scalar.value != 0x7F, "a control character")
        }
    }
}
