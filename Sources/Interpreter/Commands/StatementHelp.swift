// The statements of the language itself, as help, completion and the manual show them: they are not
// registered commands, because the parser reads them by rules of their own.

/// A statement of the language as help shows it.
public struct StatementHelp: Sendable {
    /// Its first word.
    public let name: String

    /// How it is written.
    public let synopsis: String

    /// One sentence that ends in a full stop.
    public let summary: String

    /// A script that shows it at work.
    public let example: String

    /// All statements, in the order of the manual.
    public static let all: [StatementHelp] = [
        StatementHelp(
            name: "let",
            synopsis: "let NAME = EXPRESSION",
            summary: "Give a variable its value; read it as $NAME.",
            example: "let limit = 2 * 30s"
        ),
        StatementHelp(
            name: "say",
            synopsis: "say EXPRESSION",
            summary: "Print a value.",
            example: "let count = 3\nsay \"there are $count\""
        ),
        StatementHelp(
            name: "if",
            synopsis: "if CONDITION { ... } [else if CONDITION { ... }] [else { ... }]",
            summary: "Run the first block whose condition holds.",
            example: "if 2 > 1 { say \"more\" } else { say \"less\" }"
        ),
        StatementHelp(
            name: "for",
            synopsis: "for NAME in SELECTOR|LIST|FROM..TO { ... }",
            summary: "Run a block once for each object, element or number.",
            example: "for i in 1..3 { say $i }"
        ),
        StatementHelp(
            name: "repeat",
            synopsis: "repeat COUNT { ... }",
            summary: "Run a block a number of times.",
            example: "repeat 2 { say \"again\" }"
        ),
        StatementHelp(
            name: "while",
            synopsis: "while CONDITION { ... }",
            summary: "Run a block as long as a condition holds.",
            example: "let n = 3\nwhile $n > 0 { let n = $n - 1 }"
        ),
        StatementHelp(
            name: "expect",
            synopsis: "expect CONDITION [\"MESSAGE\"] [within DURATION]",
            summary: "Fail unless a condition holds, or comes to hold within a virtual time.",
            example: "expect 1 + 1 == 2 \"sums are right\""
        ),
        StatementHelp(
            name: "source",
            synopsis: "source FILE",
            summary: "Run the statements of another script here.",
            example: ""
        ),
        StatementHelp(
            name: "proc",
            synopsis: "proc NAME [PARAMETER[=DEFAULT] ...] { ... }",
            summary: "Define a command of one's own.",
            example: "proc greet who times=1 { repeat $times { say \"hello $who\" } }\n"
                + "greet you times=2"
        ),
        StatementHelp(
            name: "return",
            synopsis: "return [EXPRESSION]",
            summary: "End a proc's call, with a value that `let NAME = CALL` takes.",
            example: "proc double n { return 2 * $n }\nlet four = double 2"
        ),
        StatementHelp(
            name: "parameter",
            synopsis: "parameter NAME = DEFAULT",
            summary: "Give a variable its value unless the script's call did as NAME=VALUE.",
            example: "parameter size = 5\nsay $size"
        ),
        StatementHelp(
            name: "test",
            synopsis: "test \"NAME\" { ... }",
            summary: "Run a block on a copy of the world, and go on if it fails.",
            example: "test \"sums\" { expect 1 + 1 == 2 }"
        ),
        StatementHelp(
            name: "try",
            synopsis: "try { ... }",
            summary: "Run a block on a copy of the world, say what would differ, and forget it.",
            example: "try { say now }"
        ),
        StatementHelp(
            name: "never",
            synopsis: "never CONDITION",
            summary: "Fail when a condition comes to hold before the end of the block.",
            example: "{ never 1 > 2 }"
        ),
        StatementHelp(
            name: "at",
            synopsis: "at TIME { ... }",
            summary: "Run a block when the clock comes to a time, within the block around it.",
            example: "{ at 3.5s { say now } }"
        ),
        StatementHelp(
            name: "every",
            synopsis: "every DURATION { ... }",
            summary: "Run a block again and again, until the end of the block around it.",
            example: "{ every 1s { say now } }"
        ),
        StatementHelp(
            name: "when",
            synopsis: "when CONDITION { ... }",
            summary: "Run a block whenever a condition comes to hold, within the block around it.",
            example: "{ when now > 5s { say now } }"
        ),
        StatementHelp(
            name: "quit",
            synopsis: "quit",
            summary: "Leave the shell; the same as exit.",
            example: "quit"
        ),
        StatementHelp(
            name: "exit",
            synopsis: "exit [STATUS]",
            summary: "End the script with an exit status, 0 if none is given.",
            example: "exit 0"
        ),
    ]
}
