// How closely transfers are played: as flows, or packet by packet.

import Interpreter
import PFSRuntime

enum FidelityCommands {
    static let all = [fidelity]

    static let fidelity = Command<ShellHost>(
        "fidelity",
        group: SettingsCommands.group,
        summary: "Play transfers as flows, or packet by packet, before time moves.",
        discussion: "A world begins with flows: an event when a transfer begins and one when it "
            + "ends. With packets each TFTP block and acknowledgement is played by the state "
            + "machines that real sockets use, with their repetitions, and what phones send each "
            + "other goes in chunks. It takes a thousand times as many events, and is there to see "
            + "how well flows describe them.",
        .argument("fidelity", help: "which of the two"),
        changesWorld: true,
        mayBeAbbreviated: false,
        examples: [Example("fidelity packet")]
    ) {
        (host: inout ShellHost, chosen: Located<TransferFidelity>) throws(Diagnostic) -> Output in
        let world = host.world
        var parameters = world.parameters
        parameters.fidelity = chosen.node
        try refusing(at: chosen.range) { () throws(WorldError) in
            try world.setParameters(peer: world.peerParameters, parameters)
        }
        return .none
    }
}
