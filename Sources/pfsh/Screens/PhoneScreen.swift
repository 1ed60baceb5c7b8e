// A phone's LCD in text: the title, the present component, what is done with it and how far, and the
// icon of peer firmware sharing at the top right, which a traditional upgrade leaves blank (both
// attested). The words below the title are modelled.

import PFSRuntime

enum PhoneScreen {
    /// Columns of a screen with its frame: three side by side fill 80 columns, and the longest name
    /// of a component, `jar41sccp.9-4-2ES9.sbn`, fits.
    private static let width = 26

    /// The screens of some phones, as many side by side as fit into `columns`.
    static func lines(_ phones: [PhoneNumber], in host: ShellHost, columns: Int) -> [String] {
        let across = max(1, (columns + 1) / (width + 1))
        var lines: [String] = []
        var rest = phones[...]
        while !rest.isEmpty {
            let row = rest.prefix(across).map { screen($0, in: host) }
            rest = rest.dropFirst(across)
            for line in row[0].indices {
                lines.append(row.map { $0[line] }.joined(separator: " "))
            }
        }
        return lines
    }

    private static func screen(_ phone: PhoneNumber, in host: ShellHost) -> [String] {
        let world = host.world
        let snapshot = world.snapshot(phone)
        let icon = snapshot.target != nil && snapshot.shares ? "[PFS]" : "-----"
        let name = String(world.name(of: phone).prefix(width - 12))
        let dashes = String(repeating: "-", count: width - 11 - name.count)
        var body = content(snapshot, in: world).map { text in
            let room = width - 4
            let cut = text.count > room ? String(text.prefix(room - 1)) + "~" : text
            return "| " + cut + String(repeating: " ", count: room - cut.count) + " |"
        }
        body.insert("+ \(name) \(dashes) \(icon) +", at: 0)
        body.append("+" + String(repeating: "-", count: width - 2) + "+")
        return body
    }

    private static func content(_ snapshot: PhoneSnapshot, in world: World) -> [String] {
        if snapshot.state == .unpowered || snapshot.state == .dead { return ["", "", ""] }
        guard snapshot.target != nil, let index = snapshot.fileIndex else {
            if case .failed(let reason, _) = snapshot.outcome {
                return ["", "error", "reason \(reason.rawValue)"]
            }
            switch snapshot.state {
            case .resetting: return ["", "Resetting", ""]
            case .inCall: return ["", "Connected", ""]
            default: return ["", "", ""]
            }
        }
        if snapshot.state == .rebooting { return ["Restarting", "", ""] }
        let load = snapshot.target.map { world.catalog[$0].files[index].name } ?? ""
        return ["Upgrading", load, activity(snapshot)]
    }

    private static func activity(_ snapshot: PhoneSnapshot) -> String {
        let received = "\(snapshot.receivedBytes / 1_000) KB"
        switch snapshot.state {
        case .fetching, .receiving: return "download  \(received)"
        case .verifying: return "authenticate  100%"
        case .writing: return "write  100%"
        case .serving: return "wait  100%"
        case .idle, .inCall, .resetting, .listening, .claiming, .seeking, .joining, .waiting,
            .orphaned, .rooted, .backing, .rebooting, .dead, .unpowered, .frozen, .removed:
            return "wait"
        }
    }
}
