// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT
import PackageDescription

// CI sets MACHA_WARNINGS=error; a contributor's newer compiler may warn of what ours does not know.
let strict: [SwiftSetting] = Context.environment["MACHA_WARNINGS"] == "error" ? [.treatAllWarnings(as: .error)] : []
let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + strict

// Six floors; a target depends only on floors below its own. docs/architecture.md draws the house.
let package = Package(
    name: "Macha",
    products: [
        .executable(name: "macha", targets: ["MachaCLI"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // Floor 0: C libraries.
        .systemLibrary(name: "CLibSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"])]),
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CSSHWatchdog", dependencies: ["CLibSSH2", "CLibCrypto"]),
        .systemLibrary(name: "CEpoll"),
        // Not linked: calls.h says why.
        .target(name: "CCurl"),

        // Floor 1: what knows nothing of its siblings.
        .target(
            name: "SSH", dependencies: ["CLibSSH2", "CSSHWatchdog", "CLibCrypto", "CEpoll"], swiftSettings: settings),
        .target(name: "HTTP", dependencies: ["CCurl"], swiftSettings: settings),
        .target(name: "MachaJournal", swiftSettings: settings),

        // Nouns and rules, in this order: each sees some of those before it.
        .target(name: "MachaModel", dependencies: [], swiftSettings: settings),
        .target(
            name: "MachaInventory", dependencies: ["MachaModel", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings),
        .target(name: "MachaProbes", dependencies: ["MachaJournal", "MachaModel"], swiftSettings: settings),
        .target(
            name: "MachaFindings", dependencies: ["MachaInventory", "MachaModel", "MachaProbes"],
            swiftSettings: settings),
        .target(
            name: "MachaActions", dependencies: ["MachaFindings", "MachaInventory", "MachaModel", "MachaProbes"],
            swiftSettings: settings),

        .target(
            name: "MachaPlaybooks", exclude: ["Library/schema.json"], resources: [.embedInCode("Library")],
            swiftSettings: settings),

        // Floor 2: effects.
        .target(
            name: "MachaStore",
            dependencies: [
                "MachaActions", "MachaFindings", "MachaInventory", "MachaModel", "MachaProbes",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .target(
            name: "MachaFleet",
            dependencies: [
                "MachaActions", "MachaInventory", "MachaModel", "MachaProbes", "SSH",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: settings),
        .target(
            name: "MachaAnalyst",
            dependencies: ["HTTP", "MachaActions", "MachaFindings", "MachaInventory", "MachaJournal", "MachaModel"],
            resources: [
                .embedInCode("Prompts/analysis.md"), .embedInCode("Prompts/map.md"), .embedInCode("Prompts/reduce.md"),
            ], swiftSettings: settings),

        .target(
            name: "MachaNotify", dependencies: ["HTTP", "MachaInventory", "MachaModel"], swiftSettings: settings),

        // Floor 3: the controller.
        .target(
            name: "Macha",
            dependencies: [
                "HTTP", "MachaActions", "MachaAnalyst", "MachaFindings", "MachaFleet", "MachaInventory", "MachaJournal",
                "MachaModel", "MachaNotify", "MachaPlaybooks", "MachaProbes", "MachaStore",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // Floor 4: what is shown, in words.
        .target(
            name: "MachaViews",
            dependencies: [
                "Macha", "MachaActions", "MachaAnalyst", "MachaFindings", "MachaFleet", "MachaInventory", "MachaModel",
                "MachaNotify", "MachaProbes", "MachaStore",
            ],
            resources: [.embedInCode("VERSION")], swiftSettings: settings),

        // Floor 5: the command line.
        .executableTarget(
            name: "MachaCLI",
            dependencies: [
                "Macha", "MachaActions", "MachaAnalyst", "MachaFindings", "MachaFleet", "MachaInventory",
                "MachaJournal", "MachaModel", "MachaProbes", "MachaStore", "MachaViews",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),

        // Measurements that need a program of their own; not installed.
        .executableTarget(
            name: "MachaBench",
            dependencies: [
                "MachaFindings", "MachaFleet", "MachaInventory", "MachaModel", "MachaProbes", "MachaStore",
                "MachaTestSupport",
            ],
            path: "Tests/MachaBench",
            swiftSettings: settings),

        .target(
            name: "MachaTestSupport",
            dependencies: [
                "MachaAnalyst", "MachaFindings", "MachaFleet", "MachaInventory", "MachaModel", "MachaNotify",
                "MachaProbes", "SSH",
            ],
            path: "Tests/MachaTestSupport", resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(name: "SSHTests", dependencies: ["SSH", "MachaTestSupport"], swiftSettings: settings),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "MachaTestSupport"], swiftSettings: settings),
        .testTarget(
            name: "MachaAnalystTests",
            dependencies: [
                "HTTP", "MachaActions", "MachaAnalyst", "MachaFindings", "MachaInventory", "MachaModel",
                "MachaTestSupport",
            ], swiftSettings: settings),
        .testTarget(
            name: "MachaJournalTests", dependencies: ["MachaJournal"], resources: [.copy("Fixtures")],
            swiftSettings: settings),
        .testTarget(name: "MachaModelTests", dependencies: ["MachaModel"], swiftSettings: settings),
        .testTarget(name: "MachaInventoryTests", dependencies: ["MachaInventory"], swiftSettings: settings),
        .testTarget(
            name: "MachaProbesTests", dependencies: ["MachaModel", "MachaProbes", "MachaTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "MachaFindingsTests",
            dependencies: ["MachaFindings", "MachaInventory", "MachaModel", "MachaProbes", "MachaTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "MachaActionsTests",
            dependencies: ["MachaActions", "MachaFindings", "MachaInventory", "MachaModel", "MachaTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "MachaStoreTests",
            dependencies: [
                "MachaActions", "MachaFindings", "MachaInventory", "MachaModel", "MachaProbes", "MachaStore",
                "MachaTestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MachaNotifyTests",
            dependencies: ["HTTP", "MachaInventory", "MachaModel", "MachaNotify", "MachaTestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "MachaFleetTests",
            dependencies: [
                "MachaActions", "MachaFindings", "MachaFleet", "MachaInventory", "MachaModel", "MachaProbes",
                "MachaTestSupport", "SSH",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MachaTests",
            dependencies: [
                "HTTP", "Macha", "MachaActions", "MachaAnalyst", "MachaFindings", "MachaFleet", "MachaInventory",
                "MachaJournal", "MachaModel", "MachaNotify", "MachaPlaybooks", "MachaProbes", "MachaStore",
                "MachaTestSupport", "SSH",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "MachaViewsTests",
            dependencies: [
                "Macha", "MachaActions", "MachaFindings", "MachaInventory", "MachaModel", "MachaProbes",
                "MachaTestSupport", "MachaViews",
            ], swiftSettings: settings),
        .testTarget(
            name: "MachaCLITests",
            dependencies: [
                "Macha", "MachaActions", "MachaCLI", "MachaInventory", "MachaModel", "MachaProbes",
                "MachaTestSupport", "MachaViews",
            ], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
