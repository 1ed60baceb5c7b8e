// Whole sessions: what a text does to the world, what it says, and how it ends.

import Interpreter
import Testing

struct InterpreterTests {
    @Test("a command changes the world and a later one shows it")
    func commands() {
        var session = ToySession()
        session.run("lamp L1 room hall\nlamp L2 watts 7 lit\nturn L1,L2 lit\nshow lamps")
        #expect(
            session.transcript == """
                name room    watts
                L1   hall       40
                L2   kitchen     7

                """
        )
        #expect(session.interpreter.host.lamps.allSatisfy { $0.isLit })
    }
}
