// swift-tools-version: 6.2
// A package of its own, because all of it is compiled with the fuzzer's instruments: scripts/fuzz builds
// and runs it. The targets themselves stand in the main package, whose tests replay the corpora.
import PackageDescription

let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "pfsh", path: "..")],
    targets: [
        .executableTarget(
            name: "fuzz",
            dependencies: [.product(name: "FuzzTargets", package: "pfsh")],
            swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])]
        )
    ]
)
