// What libFuzzer calls with each input. Which parser gets it stands in the environment, so that one
// binary serves all.

import FuzzTargets
import Glibc

/// The parser that `PFSH_FUZZ_TARGET` names.
private let target: FuzzTarget = {
    let name = getenv("PFSH_FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        fatalError("PFSH_FUZZ_TARGET is one of \(FuzzTarget.allCases.map(\.rawValue))")
    }
    return target
}()

/// The entry that libFuzzer looks for.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
