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
            FirmwareCommands.all,
            UpgradeCommands.all,
            FaultCommands.all,
            CallCommands.all,
            CompareCommands.all,
            PlanCommands.all,
            TimeCommands.all,
            TravelCommands.all,
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
            OutsideCommands.all,
            ConfigurationCommands.all,
            ExportCommands.all,
            FieldLogCommands.all,
            DiagnosisCommands.all,
            ConfigurationFileCommands.all,
            WatchCommands.all,
        ]
    }

    /// The commands and the vocabulary of the shell; `allowsShell` lets files hold `!command`.
    static func make(allowsShell: Bool = false) -> Registry<ShellHost> {
        Registry(
            commands: families.flatMap { $0 },
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
