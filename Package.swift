// swift-tools-version: 6.2
import PackageDescription

// One list of settings for every Swift target: Swift 6 mode, the upcoming features that make imports
// and existentials explicit, and no warnings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

// The core and the language are, besides, free of unsafe code.
let memorySafe: [SwiftSetting] = strict + [.strictMemorySafety()]

// The C targets know no warnings either.
let strictC: [CSetting] = [
    .enableWarning("all"),
    .enableWarning("extra"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "pfsh",
    products: [
        .executable(name: "pfsh", targets: ["pfsh"]),
        .library(name: "PFSRuntime", targets: ["PFSRuntime"]),
        .library(name: "Interpreter", targets: ["Interpreter"]),
        // What scripts/fuzz links with libFuzzer.
        .library(name: "FuzzTargets", type: .static, targets: ["FuzzTargets"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .target(
            name: "PFSRuntime",
            dependencies: [
                .product(name: "BasicContainers", package: "swift-collections"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: memorySafe
        ),
        .target(name: "Interpreter", swiftSettings: memorySafe),
        .target(
            name: "NetIO",
            dependencies: [
                "PFSRuntime", "CConfinedFile",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "XMLFiles",
            dependencies: ["PFSRuntime", "CExpat"],
            swiftSettings: strict,
            // From its archive: the shell has to run where the library is not installed.
            linkerSettings: [.linkedLibrary(":libexpat.a")]
        ),
        .systemLibrary(name: "CExpat", providers: [.apt(["libexpat1-dev"])]),
        .target(name: "CConfinedFile", cSettings: strictC),
        .target(
            name: "CLineEdit",
            cSettings: strictC,
            linkerSettings: [.linkedLibrary("edit")]
        ),
        .executableTarget(
            name: "pfsh",
            dependencies: [
                "PFSRuntime", "Interpreter", "NetIO", "XMLFiles", "CLineEdit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "FuzzTargets",
            dependencies: ["PFSRuntime", "XMLFiles"],
            path: "Tests/FuzzTargets",
            exclude: ["Corpus"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PFSRuntimeTests",
            dependencies: ["PFSRuntime", "FuzzTargets"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "InterpreterTests",
            dependencies: ["Interpreter"],
            exclude: ["Language"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "XMLFilesTests",
            dependencies: ["XMLFiles", "PFSRuntime"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "NetIOTests",
            dependencies: [
                "NetIO", "PFSRuntime",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "CPseudoTerminal",
            path: "Tests/CPseudoTerminal",
            cSettings: strictC
        ),
        .testTarget(
            name: "pfshTests",
            dependencies: [
                "pfsh", "Interpreter", "PFSRuntime", "NetIO", "XMLFiles", "CLineEdit",
                "CPseudoTerminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Fixtures", "Storm/Corpus"],
            swiftSettings: strict
        ),
    ]
)
