// All that the shell can say, joined from its families: adding a command is one declaration in one
// of them.

import Interpreter

enum ShellRegistry {
    /// The commands and the vocabulary of the shell.
    static func make() -> Registry<ShellHost> {
        Registry(
            commands: WorldCommands.all + ServerCommands.all + SettingsCommands.all
                + LoadServerCommands.all + FirmwareCommands.all
                + UpgradeCommands.all + CompareCommands.all + TimeCommands.all + LogCommands.all
                + ShowCommands.all
                + AlarmCommands.all
                + HelpCommands.all + SessionCommands.all,
            selectable: PhoneVocabulary.phones,
            otherKinds: PhoneVocabulary.otherKinds,
            properties: PhoneVocabulary.properties,
            globals: PhoneVocabulary.globals,
            functions: PhoneVocabulary.functions,
            selectorKeywords: PhoneVocabulary.selectorKeywords
        )
    }
}
