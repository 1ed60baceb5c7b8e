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
            CompareCommands.all,
            TimeCommands.all,
            AgendaCommands.all(group: TimeCommands.group),
            LogCommands.all,
            ShowCommands.all,
            AlarmCommands.all,
            ParameterCommands.all,
            InvariantCommands.all,
            TFTPCommands.all,
            HelpCommands.all,
            SessionCommands.all,
            ConfigurationCommands.all,
            ConfigurationFileCommands.all,
            WatchCommands.all,
        ]
    }

    /// The commands and the vocabulary of the shell.
    static func make() -> Registry<ShellHost> {
        Registry(
            commands: families.flatMap { $0 },
            selectable: PhoneVocabulary.phones,
            otherKinds: PhoneVocabulary.otherKinds,
            properties: PhoneVocabulary.properties,
            globals: PhoneVocabulary.globals,
            functions: PhoneVocabulary.functions,
            selectorKeywords: PhoneVocabulary.selectorKeywords
        )
    }
}
