// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the main build stays small.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "pfsh", path: "..")],
    targets: [
        .executableTarget(
            name: "bench",
            dependencies: [.product(name: "PFSRuntime", package: "pfsh")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
        )
    ]
)
