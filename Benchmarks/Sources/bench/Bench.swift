// Runs one benchmark and prints one line of JSON. Decides what a measurement covers: the whole work,
// set-up included, in a process of its own.
//
// usage: bench pfs-m1|upgrade|silent|plain|reach PHONES

import Glibc
import PFSRuntime

/// A benchmark by its name on the command line; a further one is a further case.
private enum Benchmark: String, CaseIterable {
    case pfsM1 = "pfs-m1"
    /// Subnets of 250 phones, each behind 384 kbit/s and 150 ms, a whole upgrade with the log on; up to
    /// 1,000 phones are in one subnet.
    case upgrade
    /// The same without a log.
    case silent
    /// The same with every Hold and every broadcast as an event.
    case plain
    /// A whole upgrade of which worlds are kept as the shell does, and moments of it reached again.
    case reach

    /// Does the work for `size` phones and gives the members of the JSON line that describe it.
    func run(size: Int) -> String {
        switch self {
        case .pfsM1:
            let result = PFSM1.run(phoneCount: size)
            return "\"events\": \(result.events), \"root\": \(result.root), "
                + "\"broadcasts\": \(result.broadcasts), \"depth\": \(result.depth), "
                + "\"last\": \(result.last), \"sum\": \(result.sum)"
        case .upgrade:
            return wholeUpgrade(phones: size)
        case .silent:
            return wholeUpgrade(phones: size, hasLog: false)
        case .plain:
            return wholeUpgrade(phones: size, isPlain: true)
        case .reach:
            return momentsReached(phones: size)
        }
    }
}

/// The time that this process has had of a processor, in seconds: steadier than the time that passes
/// where others are at work.
private func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) {
        $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6
    }
}

/// The greatest resident size of this process in KiB.
private func peakMemoryKiB() -> Int {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
}

@main
enum Bench {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let benchmark = Benchmark(rawValue: arguments[1]),
            let size = Int(arguments[2]), size > 0
        else {
            let names = Benchmark.allCases.map(\.rawValue).joined(separator: "|")
            let usage = "usage: bench \(names) PHONES\n"
            _ = usage.withCString { write(STDERR_FILENO, $0, usage.utf8.count) }
            exit(64)
        }
        let clock = ContinuousClock()
        let begin = clock.now
        let members = benchmark.run(size: size)
        let elapsed = begin.duration(to: clock.now).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        print(
            "{\"name\": \"\(benchmark.rawValue)\", \"language\": \"Swift\", \"phones\": \(size), "
                + "\(members), \"seconds\": \(seconds), "
                + "\"processorSeconds\": \(processorSeconds()), \"peakKiB\": \(peakMemoryKiB())}"
        )
    }
}
