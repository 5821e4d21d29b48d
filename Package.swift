// swift-tools-version: 6.2
import PackageDescription

/// Programs without a sanitizer's runtime load it, too.
let loadedAnywhere = CSetting.unsafeFlags(["-fno-sanitize=all"])

// Arrows point one way: outboxd → Console → Engine → Store, SMTP, Mail → Delivery.
// Delivery and Mail are rules: no C, no clock of their own, no input or output.
let package = Package(
    name: "outboxd",
    products: [
        .executable(name: "outboxd", targets: ["outboxd"]),
        // Loaded into the binary by tests that set its clock.
        .library(name: "ShiftedClock", type: .dynamic, targets: ["ShiftedClock"]),
        // Loaded into the binary while valgrind counts its instructions.
        .library(name: "SlowedClock", type: .dynamic, targets: ["SlowedClock"]),
    ],
    targets: [
        // System libraries: headers, and shims for what Swift cannot call (variadic functions).
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        // In C, since a signal handler may neither allocate nor take a lock, and Swift promises neither.
        .target(name: "CFault"),
        // Where a debug build can be told to die; empty in a release build.
        .target(name: "Crash"),

        .target(name: "Delivery"),
        // How hosts are written, and which are this machine's: settings and connections ask alike.
        .target(name: "Hosts"),
        .target(name: "Mail", dependencies: ["Delivery"]),
        .target(name: "SMTP", dependencies: ["CCurl", "Delivery", "Hosts"]),
        .target(name: "SQLite", dependencies: ["CSQLite"]),
        .target(name: "Store", dependencies: ["Crash", "Delivery", "SQLite"]),
        .target(name: "Service", dependencies: ["CLinux", "Delivery", "Hosts"]),
        .target(
            name: "Engine",
            dependencies: [
                "CFault", "CLinux", "Crash", "Delivery", "Mail", "SMTP", "Service", "Store",
            ]),
        .target(
            name: "Console",
            dependencies: [
                "CLinux", "Crash", "Delivery", "Engine", "Hosts", "Mail", "SMTP", "SQLite",
                "Service", "Store",
            ]),
        .executableTarget(name: "outboxd", dependencies: ["Console"]),

        .target(name: "ShiftedClock", path: "Tests/ShiftedClock", cSettings: [loadedAnywhere]),
        .target(name: "SlowedClock", path: "Tests/SlowedClock", cSettings: [loadedAnywhere]),
        // What several test targets share: a scriptable SMTP server, throw-away databases.
        .target(name: "TestSupport", dependencies: ["Delivery", "SQLite"], path: "Tests/Support"),
        .testTarget(name: "SupportTests", dependencies: ["TestSupport"]),
        .testTarget(name: "DeliveryTests", dependencies: ["Delivery", "TestSupport"]),
        .testTarget(name: "MailTests", dependencies: ["Mail", "Delivery", "TestSupport"]),
        .testTarget(name: "SMTPTests", dependencies: ["SMTP", "Delivery", "TestSupport"]),
        .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "TestSupport"]),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "Engine", "Store", "SMTP", "Mail", "SQLite", "CSQLite", "Delivery", "TestSupport",
            ]),
        // What the simulator's model needs of C.
        .target(name: "CFork", path: "Tests/Fork"),
        // The engine in virtual time; built for release with -enable-testing.
        .executableTarget(
            name: "outboxd-simulate",
            dependencies: [
                "CFork", "Engine", "Store", "SMTP", "Mail", "SQLite", "CSQLite", "Service", "Delivery",
                "TestSupport",
            ],
            path: "Tests/Simulation", exclude: ["coverage", "variants.py"]),
        // Hostile input; `Tests/Fuzzing/run` builds it with libFuzzer.
        .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzzing/LibFuzzer"),
        .executableTarget(
            name: "outboxd-fuzz",
            dependencies: [
                "CLibFuzzer", "Delivery", "Engine", "Mail", "SMTP", "Service", "Store",
                "TestSupport",
            ],
            path: "Tests/Fuzzing", exclude: ["Corpus", "LibFuzzer", "run"]),
        .testTarget(name: "FuzzingTests", dependencies: ["outboxd-fuzz"]),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "outboxd-simulate", "CLinux", "Engine", "Store", "SMTP", "Mail", "Service", "Delivery", "SQLite",
                "TestSupport",
            ]),
        .testTarget(
            name: "ServiceTests",
            dependencies: ["Service", "CLinux", "Delivery", "Hosts", "TestSupport"]),
        .testTarget(
            name: "ConsoleTests",
            dependencies: [
                "outboxd", "Console", "Engine", "Mail", "SMTP", "Service", "Store", "SQLite",
                "Delivery", "TestSupport",
            ]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["outboxd", "Crash", "Service", "SQLite", "Delivery", "TestSupport"]),
        .executableTarget(
            name: "outboxd-bench", dependencies: ["Delivery", "SQLite", "Store", "TestSupport"],
            path: "Tests/Benchmarks", exclude: ["Instructions/instructions.json"]),
    ],
    swiftLanguageModes: [.v6]
)

/// Targets that touch no pointer; the others talk to C libraries on nearly every line.
let withoutPointers: Set = ["Delivery", "Mail"]

for target in package.targets where target.type != .system {
    var settings: [SwiftSetting] = [
        .enableUpcomingFeature("ExistentialAny"),  // SE-0335
        .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
        .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
        .treatAllWarnings(as: .error),  // SE-0480
    ]
    if withoutPointers.contains(target.name) {
        settings.append(.strictMemorySafety())  // SE-0458
    }
    if target.name == "Crash" {
        // The names of the points have no use in a release build.
        settings.append(
            .unsafeFlags(["-disable-reflection-names"], .when(configuration: .release)))
    }
    target.swiftSettings = settings
}
