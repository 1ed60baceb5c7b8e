// Random commands for a world, made of the declarations: most as a user could mean them, some with one
// word wrong, some that are no commands. A new command is among them as soon as it is declared.

import Interpreter
import PFSRuntime

@testable import pfsh

/// Draws commands.
struct CommandMaker {
    private var random: RandomStream
    private let commands: [CommandSignature]
    /// Where commands that write files may do so.
    private let folder: String
    /// Whether blocks are drawn too; a session's record cannot repeat one that failed half way.
    private let makesBlocks: Bool
    /// First words of what writes files, which a wrong word would have write anywhere.
    private let writers: [String]

    /// What ends a session, belongs to somebody who watches the screen, takes ports of the machine, or
    /// writes files that are in its way when it is done once more.
    private static let leftOut = [
        "watch", "tftp", "syslog", "web", "attach", "capture", "firmware make", "push file",
        "config save", "report", "speed", "!",
    ]
    /// The commands that let a world get on; drawn twice as often as all others.
    private static let frequent = [
        "phones", "subnet", "push", "run", "run until", "step", "remove", "pfs device", "reset",
        "restart", "cancel", "server",
    ]

    init(seed: UInt64, grammar: Grammar, folder: String, makesBlocks: Bool) {
        random = RandomStream(seed: seed, purpose: .test, index: 7)
        commands = grammar.commands.filter { command in
            // A word left out of `no X` makes it X.
            let path = command.path.drop { $0 == "no" }
            return !Self.leftOut.contains(path.first ?? "")
                && !Self.leftOut.contains(path.joined(separator: " "))
        }
        self.folder = folder
        self.makesBlocks = makesBlocks
        writers = commands.filter { $0.parameters.contains { $0.kind.syntax == .file } }
            .map { $0.path[0] }
    }

    /// A text for the prompt; `isSingle` says that one command or statement without a block is meant,
    /// which either does all or, but for time that passed, nothing.
    mutating func line(in world: World) -> (text: String, isSingle: Bool) {
        switch random.below(makesBlocks ? 20 : 17) {
        case 0: return (garbage(in: world), true)
        case 1, 2: return (damaged(command(in: world), in: world), true)
        case 17: return ("for p in \(selector(in: world)) { \(command(in: world)) }", false)
        case 18: return ("repeat 2 { \(command(in: world)) }", false)
        case 19: return ("test \"t\" { \(command(in: world)) }", false)
        case 3:
            let filters = ["count", "head 2", "json", "csv", "include P", "sort name", "tail -1"]
            return (command(in: world) + " | " + pick(filters), true)
        case 4: return ("let n = \(expression(in: world))", true)
        case 5: return ("expect \(condition(in: world)) within \(pick(Self.durations))", true)
        default: return (command(in: world), true)
        }
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(random.below(UInt64(elements.count)))]
    }

    private mutating func command(in world: World) -> String {
        let usual = commands.filter { Self.frequent.contains($0.name) }
        let command = pick(random.below(3) > 0 ? usual : commands)
        var words = command.path
        for parameter in command.parameters {
            if !parameter.isRequired, random.below(2) == 0 { continue }
            switch parameter.placement {
            case .flag(let flag): words += flag
            case .keyword(let keyword): words += keyword + [word(parameter.kind, in: world)]
            case .positional, .rest: words.append(word(parameter.kind, in: world))
            }
        }
        return words.joined(separator: " ")
    }

    /// One word left out, doubled, cut short, swapped or replaced.
    private mutating func damaged(_ line: String, in world: World) -> String {
        var words = line.split(separator: " ").map(String.init)
        guard !writers.contains(words[0]) else { return line }
        let index = Int(random.below(UInt64(words.count)))
        switch random.below(5) {
        case 0: words.remove(at: index)
        case 1: words.insert(words[index], at: index)
        case 2: words[index].removeLast()
        case 3: words.swapAt(index, 0)
        default: words[index] = garbage(in: world)
        }
        return words.joined(separator: " ")
    }

    private mutating func garbage(in world: World) -> String {
        let words = [
            "phone", "P1", "all", "(", ")", "\"", "é電", "\\", "-1", "99999999999999999999",
            "1.5.5s",
            "10.4.0.0/24", "==", "model", "|", "$x", "${", "/", "[", "]", ",", "..", "*", "within",
        ]
        return (0...random.below(6)).map { _ in pick(words) }.joined(separator: " ")
    }

    // MARK: Words

    private static let durations = ["0s", "1ms", "250ms", "1s", "7s", "40s", "5m", "2h"]

    private mutating func word(_ kind: ArgumentKind, in world: World) -> String {
        word(kind.syntax, kind.placeholder, in: world)
    }

    private mutating func word(
        _ syntax: ArgumentSyntaxKind,
        _ placeholder: String,
        in world: World
    ) -> String {
        switch syntax {
        case .word: return raw(placeholder)
        case .file: return pick([folder + "/out", folder + "/out", "/nowhere/x", folder])
        case .value(let type): return value(type)
        case .choice(let choices): return pick(choices).name
        case .object(let kind): return object(kind, in: world)
        case .selector: return selector(in: world)
        case .expression: return expression(in: world)
        case .condition: return condition(in: world)
        case .pattern: return pick(["/HROOT/", "/P[0-9]/", "/[/", "x"])
        case .list(let element):
            return (0...random.below(3)).map { _ in word(element, placeholder, in: world) }
                .joined(separator: ",")
        case .text: return "show phones"
        }
    }

    private mutating func raw(_ placeholder: String) -> String {
        switch placeholder {
        case "NAME":
            let number = random.below(30)
            return pick(["N\(number)", "N\(number)", "P\(number)", "電\(number)", "9x", "all"])
        case "MODEL":
            let usual = ["CP-7961G", "7961G", "CP-7961G", "CP-7941G"]
            return pick(usual + ["CP-7940G", "CP-7931G", "CP-9999"])
        case "LOAD":
            let usual = ["9.4(2)SR1", "SCCP41.9-4-2SR1-1S", "SCCP41.9-4-2SR1-1S", "8.5(4)"]
            return pick(usual + ["SCCP42.9-4-2SR1-1S", "SCCP41.9-9-9S", "nothing"])
        case "CIDR":
            return "10.\(random.below(8)).0.0/\(pick([24, 24, 28, 16, 33, 7]))"
        case "ADDRESS": return "10.\(random.below(8)).0.\(random.below(300))"
        case "MAC": return pick(["00175A\(100_000 + random.below(900_000))", "00:17", "xyz"])
        case "SERVER": return pick(["tftp1", "tftp1", "tftp2"])
        case "PREFIX": return pick(["x-", "P", "電-", "9"])
        case "VERSION": return pick(["10.5(2)", "12.5", "ten"])
        case "TIME": return pick(["22:00", "8:30:15", "25:00"])
        case "HEX": return pick(["080027F8", "9F51406D", "5800db1b", "123"])
        default: return pick(["x", "SCCP41", "SCCP41.9-9-9S", "show", "1"])
        }
    }

    private mutating func value(_ type: ValueType) -> String {
        switch type {
        case .bool: return pick(["on", "off"])
        case .integer: return pick(["0", "1", "1", "2", "3", "9", "40", "400", "-1", "1.5"])
        case .duration: return pick(Self.durations)
        case .size: return pick(["0B", "1B", "512B", "64KiB", "3MB", "1GB"])
        case .rate: return pick(["384kbps", "1bps", "100Mbps", "1000Gbps", "0bps", "2000Gbps"])
        case .percent: return pick(["0%", "5%", "100%", "101%"])
        case .enumeration(let words): return pick(words)
        case .none, .string, .list, .object, .selection: return pick(["\"a\"", "none", "1"])
        }
    }

    private mutating func object(_ kind: String, in world: World) -> String {
        let names: [String]
        switch kind {
        case PhoneVocabulary.site: names = world.siteNames
        case PhoneVocabulary.subnet: names = world.subnetNames
        case PhoneVocabulary.profile: names = world.profiles.map(\.name)
        default: names = world.identities.map(\.name)
        }
        return names.isEmpty || random.below(12) == 0 ? "nobody" : pick(names)
    }

    private mutating func selector(in world: World) -> String {
        let name = object(PhoneVocabulary.phone, in: world)
        return pick([
            "all", "all", name, name, name + "," + object(PhoneVocabulary.phone, in: world), "P*",
            "P1..P5", "(model CP-7961G)", "(where (done))", "(where (state == idle))",
            "(all except \(name))", "(where (not root) subnet nowhere)", "nobody", "(30% of all)",
        ])
    }

    private mutating func expression(in world: World) -> String {
        let name = object(PhoneVocabulary.phone, in: world)
        return pick([
            "1 + 2", "\(name).state", "count(all)", "now", "\(name).parent.received", "$n",
            "max(received of all)", "9223372036854775807 + 1", "[1, 2s] + [3]", "1s / 0",
        ])
    }

    private mutating func condition(in world: World) -> String {
        let name = object(PhoneVocabulary.phone, in: world)
        return pick([
            "\(name).done", "count(where (done)) > 2", "now > 5s", "log /HROOT/", "1 == 2",
            "server.fetches > 0", "\(name).state == serving", "\(name).received > 5s",
        ])
    }
}
