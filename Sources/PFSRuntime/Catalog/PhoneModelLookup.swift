// Finding a model by what a person types. The spelling is free in case, in the leading CP- and in
// the closing G; four digits alone mean the model without Gigabit Ethernet where both exist.

/// Why a text names no model.
public struct UnknownModelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was typed.
    public let text: String
    /// The spellings of all models, for finding one that is spelled alike.
    public let known: [String]

    /// The message of a diagnostic, one line.
    public var description: String { "unknown model `\(text)`" }
}

extension PhoneModel {
    /// Finds the model that `text` names.
    ///
    /// `CP-7961G`, `cp-7961g`, `7961G`, `7961g`, `CP7961G` and `7961` are one model. The letters GE
    /// may stand with or without their hyphen. Four digits alone mean the row whose name has
    /// nothing or a G after them, else the only one that has `G-GE`: `7961` is CP-7961G, `7971` is
    /// CP-7971G-GE. Throws when no model is named so.
    public static func named(_ text: some StringProtocol) throws(UnknownModelError) -> PhoneModel {
        let wanted = key(text)
        for suffix in ["", "ge"] {
            for model in all where key(model.name) == wanted + suffix { return model }
        }
        let spellings = all.flatMap { [$0.name, $0.shortName] }
        throw UnknownModelError(text: String(text), known: spellings)
    }

    /// The models that CUCM knows by `number`, those first of which that is the surer number.
    public static func ofDeviceType(_ number: UInt32) -> [PhoneModel] {
        all.filter { $0.deviceType?.number == number }
            + all.filter { $0.deviceType?.conflicting == number }
    }

    /// The name without `CP-`, as tables show it: `7961G`.
    public var shortName: String { name.hasPrefix("CP-") ? String(name.dropFirst(3)) : name }

    /// Small letters without hyphens, without `CP` in front and without the G of "Global" behind
    /// the number; GE stays.
    private static func key(_ text: some StringProtocol) -> String {
        var letters = text.lowercased().filter { $0 != "-" }
        if letters.hasPrefix("cp") { letters.removeFirst(2) }
        let isGigabit = letters.hasSuffix("ge")
        if isGigabit { letters.removeLast(2) }
        if letters.hasSuffix("g"), letters.dropLast().last?.isNumber == true {
            letters.removeLast()
        }
        return isGigabit ? letters + "ge" : letters
    }
}
