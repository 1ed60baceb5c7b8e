import ArgumentParser
@main struct PFSH: ParsableCommand {
    mutating func run() throws { print("pfsh") }
}
