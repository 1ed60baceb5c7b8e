// What the parser must know of the registered commands, functions and selector keywords: their
// signatures, without the host and without the code behind them. From these also come help,
// completion and the manual.

/// What may stand where an argument is expected, and so how it is read.
public enum ArgumentSyntaxKind: Sendable, Equatable {
    /// One raw word up to a blank, or a string.
    case word

    /// One raw word that is the path of a file.
    case file

    /// One raw word that is a value of the type: a duration, a size, a number, on or off.
    case value(ValueType)

    /// One of these words.
    case choice([Choice])

    /// The name of an existing object of the kind.
    case object(String)

    /// A selector.
    case selector

    /// An expression, evaluated once.
    case expression

    /// An expression that is kept and evaluated whenever the host asks.
    case condition

    /// A regular expression.
    case pattern

    /// Words joined by commas, each of the kind.
    indirect case list(ArgumentSyntaxKind)

    /// The rest of the line.
    case text
}

/// One of the words a parameter may have.
public struct Choice: Sendable, Equatable {
    /// The word.
    public let name: String

    /// What it means, as half a sentence without a full stop; may be empty.
    public let help: String

    /// Whether no list, help or completion shows it; who knows it can write it.
    public let isHidden: Bool

    /// A word with its meaning.
    public init(_ name: String, help: String = "", isHidden: Bool = false) {
        self.name = name
        self.help = help
        self.isHidden = isHidden
    }
}

extension [Choice] {
    /// Those that are shown.
    var shown: [Choice] { filter { !$0.isHidden } }
}

/// The kind of an argument: how it is read and what it is called.
public struct ArgumentKind: Sendable, Equatable {
    /// How it is read.
    public let syntax: ArgumentSyntaxKind

    /// What it is called in a synopsis, such as `DURATION`.
    public let placeholder: String

    /// What it is called in a diagnostic, such as `a duration such as 250ms`.
    public let phrase: String

    /// A kind read as `syntax` says, called `placeholder` and, in diagnostics, `phrase`.
    public init(_ syntax: ArgumentSyntaxKind, placeholder: String, phrase: String) {
        self.syntax = syntax
        self.placeholder = placeholder
        self.phrase = phrase
    }
}

/// Where an argument stands in a call.
public enum Placement: Sendable, Equatable {
    /// In the order of the declarations, in front of all keywords.
    case positional

    /// Behind its keyword, which may be several words.
    case keyword([String])

    /// The word or words alone are the argument.
    case flag([String])

    /// All the words that are left, at least one if required.
    case rest
}

/// One parameter of a command as the parser and help know it.
public struct ParameterSignature: Sendable {
    /// Its name, in lower case.
    public let name: String

    /// Its kind.
    public let kind: ArgumentKind

    /// Where it stands.
    public let placement: Placement

    /// What it is for, as half a sentence.
    public let help: String

    /// Whether a call without it is wrong.
    public let isRequired: Bool

    /// What it is if left out, as a script would write it, if that says anything.
    public let defaultText: String?

    /// The parameter as a synopsis shows it, such as `[model MODEL]`.
    public var synopsis: String {
        let inner =
            switch placement {
            case .positional: kind.placeholder
            case .rest: kind.placeholder + "..."
            case .flag(let words): words.joined(separator: " ")
            case .keyword(let words): words.joined(separator: " ") + " " + kind.placeholder
            }
        return isRequired ? inner : "[\(inner)]"
    }

    /// The words that introduce it.
    var words: [String] {
        switch placement {
        case .keyword(let words), .flag(let words): words
        case .positional, .rest: []
        }
    }
}

/// A family of commands, in the order in which help lists them.
public struct CommandGroup: Sendable, Equatable {
    /// The heading.
    public let title: String

    /// A group with this heading.
    public init(_ title: String) { self.title = title }
}

/// Script text that shows a command at work and is run as a test.
public struct Example: Sendable, Equatable {
    /// The lines to show.
    public let script: String

    /// Lines that must have run before, one statement each; not shown.
    public let setup: [String]

    /// What the lines show, as half a sentence; may be empty.
    public let caption: String

    /// An example `script`, after the lines of `setup`.
    public init(_ script: String, caption: String = "", setup: [String] = []) {
        self.script = script
        self.setup = setup
        self.caption = caption
    }
}

/// All that is declared of a command but its code.
public struct CommandSignature: Sendable {
    /// Its words, such as `show` `phones`.
    public let path: [String]

    /// Its family.
    public let group: CommandGroup

    /// One sentence that ends in a full stop.
    public let summary: String

    /// Further paragraphs, or nothing.
    public let discussion: String

    /// Its parameters in order.
    public let parameters: [ParameterSignature]

    /// Its examples.
    public let examples: [Example]

    /// Whether it changes the world, so that it can be undone and belongs into a record.
    public let changesWorld: Bool

    /// Whether a prompt may take a prefix for it; not for what cannot be taken back.
    public let mayBeAbbreviated: Bool

    /// The columns of the table that it gives; nil if it gives no table, or not always the same.
    public internal(set) var columns: [String]?

    /// The path's words joined by blanks.
    public var name: String { path.joined(separator: " ") }

    /// How to call it, such as `run until CONDITION [within DURATION]`.
    public var synopsis: String {
        // What `!` is for stands right behind it: with a blank it would begin a comment.
        if path == ["!"] { return "!" + parameters.map(\.synopsis).joined(separator: " ") }
        return (path + parameters.map(\.synopsis)).joined(separator: " ")
    }
}

/// A function of expressions as the parser and help know it.
public struct FunctionSignature: Sendable {
    /// Its name.
    public let name: String

    /// What its arguments are.
    public let parameters: [FunctionParameter]

    /// The type of its result, if it is always the same.
    public let result: ValueType?

    /// One sentence that ends in a full stop.
    public let help: String

    /// How to call it, such as `wan(SITE)`.
    public var synopsis: String {
        "\(name)(" + parameters.map(\.placeholder).joined(separator: ", ") + ")"
    }
}

/// What an argument of a function is.
public enum FunctionParameter: Sendable, Equatable {
    /// A selector.
    case selector

    /// A value; an object of the host if `kind` is given.
    case value(placeholder: String, kind: String? = nil)

    /// Any number of values, lists among them, or one `EXPRESSION of SELECTOR`.
    case values

    var placeholder: String {
        switch self {
        case .selector: "SELECTOR"
        case .value(let placeholder, _): placeholder
        case .values: "VALUE, ... | EXPRESSION of SELECTOR"
        }
    }
}

/// A word of selectors as the parser and help know it.
public struct SelectorKeywordSignature: Sendable {
    /// The word.
    public let name: String

    /// What stands behind it.
    public let kind: ArgumentKind

    /// What it selects, as half a sentence.
    public let help: String
}

/// What the parser knows of a registry.
public struct Grammar: Sendable {
    /// All commands, those that begin with `no` included.
    public let commands: [CommandSignature]

    /// All functions.
    public let functions: [FunctionSignature]

    /// All selector keywords.
    public let selectorKeywords: [SelectorKeywordSignature]

    /// Whether files may hold `!command` too, which a prompt always takes.
    let runsOthersInFiles: Bool

    /// The commands by their first word; looked up only, never gone through.
    let commandsByFirstWord: [String: [Int]]

    init(
        commands: [CommandSignature],
        functions: [FunctionSignature],
        selectorKeywords: [SelectorKeywordSignature],
        runsOthersInFiles: Bool = false
    ) {
        self.runsOthersInFiles = runsOthersInFiles
        self.commands = commands
        self.functions = functions
        self.selectorKeywords = selectorKeywords
        commandsByFirstWord = Dictionary(
            grouping: commands.indices,
            by: { commands[$0].path.first ?? "" }
        )
    }

    /// Whether a command's path begins with these two words.
    func isCommand(_ first: String, _ second: String) -> Bool {
        commandsByFirstWord[first]?.contains {
            commands[$0].path.count > 1 && commands[$0].path[1] == second
        } ?? false
    }

    func function(_ name: String) -> FunctionSignature? {
        functions.first { $0.name == name }
    }

    func selectorKeyword(_ name: String) -> SelectorKeywordSignature? {
        selectorKeywords.first { $0.name == name }
    }

    /// Words with a meaning of their own wherever a name could stand.
    static let reservedWords: [String] = [
        "all", "on", "off", "default", "where", "model", "subnet", "site", "to", "for", "in",
        "idle", "log", "until", "within", "except",
    ]

    /// Words that an expression would not take for the name of an object.
    static let expressionWords: [String] = ["and", "or", "not", "none", "now", "of"]

    /// Words that begin a statement of the language itself.
    static let statementWords: [String] = StatementHelp.all.map(\.name)
}
