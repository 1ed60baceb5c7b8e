// All that the shell can say, joined from its families: adding a command is one declaration in one
// of them.

import Interpreter

enum ShellRegistry {
    /// The families of commands, one a line, in the order of the reference.
    private static var families: [[Command<ShellHost>]] {
        [
            WorldCommands.all,
            ServerCommands.all,
            SettingsCommands.all,
            LoadServerCommands.all,
            LogServerCommands.all,
            BulkCommands.all,
            FirmwareCommands.all,
            UpgradeCommands.all,
            FaultCommands.all,
            BugCommands.all,
            CallCommands.all,
            CompareCommands.all,
            PlanCommands.all,
            TimeCommands.all,
            TravelCommands.all,
            BreakCommands.all,
            SpeedCommands.all,
            AgendaCommands.all(group: TimeCommands.group),
            LogCommands.all,
            CaptureCommands.all,
            ShowCommands.all,
            WhyCommands.all,
            AlarmCommands.all,
            ParameterCommands.all,
            InvariantCommands.all,
            FidelityCommands.all,
            TFTPCommands.all,
            SyslogCommands.all,
            WebCommands.all,
            AttachCommands.all,
            HelpCommands.all,
            SessionCommands.all,
            ReportCommands.all,
            OutsideCommands.all,
            ConfigurationCommands.all,
            ExportCommands.all,
            FieldLogCommands.all,
            RunCommands.all,
            DiagnosisCommands.all,
            ConfigurationFileCommands.all,
            WatchCommands.all,
        ]
    }

    /// What reaches beyond the world: it writes files, opens sockets, runs programs, or looks at whoever types.
    private static let reachingOut = [
        "attach", "capture", "config save", "export", "firmware make", "pager", "record", "report",
        "save", "set pager", "speed", "syslog listen", "syslog send", "tftp get", "tftp put",
        "tftp serve", "theme", "undo", "watch", "web serve", "!",
    ]

    /// The same commands for what a stranger's report runs: what reaches beyond the world is passed over.
    static func makeForReplay() -> Registry<ShellHost> {
        make { command in
            let name = command.signature.name
            guard reachingOut.contains(name) else { return command }
            return command.doing { (host) throws(Diagnostic) -> Output in
                if name == ReportCommands.report.signature.name {
                    try host.passReport()
                } else {
                    host.replay?.passedOver.insert(name)
                }
                return .none
            }
        }
    }

    /// The commands and the vocabulary of the shell; `allowsShell` lets files hold `!command`.
    static func make(
        allowsShell: Bool = false,
        _ change: (Command<ShellHost>) -> Command<ShellHost> = { $0 }
    ) -> Registry<ShellHost> {
        Registry(
            commands: families.flatMap { $0.map(change) },
            selectable: PhoneVocabulary.phones,
            otherKinds: PhoneVocabulary.otherKinds,
            properties: PhoneVocabulary.properties,
            globals: PhoneVocabulary.globals,
            functions: PhoneVocabulary.functions,
            selectorKeywords: PhoneVocabulary.selectorKeywords,
            runsOthersInFiles: allowsShell
        )
    }
}
