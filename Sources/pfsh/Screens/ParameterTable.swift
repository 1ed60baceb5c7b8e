// The numbers of the model as a table, each with its default and how well that is known.

import Interpreter
import PFSRuntime

enum ParameterTable {
    /// All of them, or one.
    static func table(_ parameters: [ModelParameter], in world: World) -> Table {
        var table = Table(columns: [
            Table.Column("name"), Table.Column("value", .right), Table.Column("default", .right),
            Table.Column("mark"), Table.Column("meaning"),
        ])
        for parameter in parameters {
            table.append([
                .string(parameter.name), value(world.value(of: parameter), of: parameter),
                value(parameter.standard, of: parameter), .string(parameter.mark.description),
                .string(parameter.help),
            ])
        }
        return table
    }

    /// A number of the model in its unit.
    static func value(_ number: Int64, of parameter: ModelParameter) -> Value {
        switch parameter.unit {
        case .duration: .duration(nanoseconds: number)
        case .count: .integer(number)
        case .size: .size(bytes: number)
        case .rate: .rate(bitsPerSecond: number)
        case .flag: .bool(number == 1)
        }
    }
}
