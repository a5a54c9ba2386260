// swift-tools-version: 6.2
// The targets stand in the order of the data: Sources/README.md is the map.

import PackageDescription

/// One set of settings for every target.
///
/// Strict memory safety with its warnings as errors keeps unsafe code inside `Bytes`: an unmarked
/// unsafe expression anywhere else does not build.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatWarning("StrictMemorySafety", as: .error),
]

/// `Bytes` alone lends spans of the memory it owns, which still needs the `Lifetimes` feature.
let lendingSettings = settings + [.enableExperimentalFeature("Lifetimes")]

let package = Package(
  name: "trailmerge",
  products: [
    .executable(name: "trailmerge", targets: ["trailmerge"]),
    .executable(name: "Benchmarks", targets: ["Benchmarks"]),
  ],
  traits: [
    .trait(
      name: "XLSX",
      description: "Outputs for spreadsheets, by libxlsxwriter, which has no static form."),
    .default(enabledTraits: ["XLSX"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The system's zlib, a macro wrapped for Swift: inflates what comes piece by piece.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    // The system's libdeflate: compresses, and inflates what is whole in memory.
    .systemLibrary(name: "CDeflate", providers: [.apt(["libdeflate-dev"])]),
    // The system's libxlsxwriter: writes workbooks.
    .systemLibrary(name: "CXlsxWriter", providers: [.apt(["libxlsxwriter-dev"])]),
    // Linux calls that Swift's Glibc module lacks, and two functions by versions that older Linuxes have.
    .target(name: "CLinux"),
    // Sixteen bytes looked at as one: vector instructions that Swift has no names for.
    .target(name: "CBlocks"),
    // Buffers, byte search, JSON tokens, gzip, hashes, files: the only unsafe code.
    .target(
      name: "Bytes",
      dependencies: [
        "CBlocks", "CDeflate", "CLinux", "CZlib",
        .target(name: "CXlsxWriter", condition: .when(traits: ["XLSX"])),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: lendingSettings),
    // What a record is: its key, time, fields, cell and columns. No I/O, no threads.
    .target(name: "CloudTrail", dependencies: ["Bytes"], swiftSettings: settings),
    // Act two: batches of records to sorted, deduplicated segments.
    .target(name: "Segments", dependencies: ["Bytes", "CloudTrail"], swiftSettings: settings),
    // Which input files there are, for all that read inputs: folders, links, the order of paths.
    .target(
      name: "Listing", dependencies: ["Bytes", "CloudTrail", "Segments"], swiftSettings: settings),
    // Act one: input files to records.
    .target(
      name: "Reading", dependencies: ["Bytes", "CloudTrail", "Listing", "Segments"],
      swiftSettings: settings),
    // What lies on disk between runs: manifest, ledger, index, journal, lock.
    .target(
      name: "Dataset", dependencies: ["Bytes", "CloudTrail", "Segments"], swiftSettings: settings),
    // Act three: segments to partitioned files.
    .target(
      name: "Writing", dependencies: ["Bytes", "CloudTrail", "Segments", "Dataset"],
      swiftSettings: settings),
    // Digest chains: is a copy of the logs whole and unaltered? Offline, no threads.
    .target(
      name: "Validation",
      dependencies: [
        "Bytes", "CloudTrail", "Segments", "Listing", "Dataset",
        .product(name: "_CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    // Job files: keys, what they may say, and which of them decide the bytes of a dataset.
    .target(
      name: "JobFiles",
      dependencies: [
        "Bytes", "CloudTrail", "Reading", "Writing", .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: settings),
    // What `trailmerge status` shows: whether anything is missing, as text and as a page.
    .target(
      name: "Status",
      dependencies: [
        "Bytes", "CloudTrail", "Segments", "Dataset", "Writing", "Validation", "JobFiles",
      ],
      swiftSettings: settings),
    // Reads a dataset again, all of it, and compares it with its manifest.
    .target(
      name: "Verification",
      dependencies: ["Bytes", "CloudTrail", "Segments", "Dataset", "Writing", "JobFiles"],
      swiftSettings: settings),
    // Table definitions for query engines, of exactly what a dataset holds.
    .target(
      name: "Tables", dependencies: ["Bytes", "CloudTrail", "Dataset", "Writing", "JobFiles"],
      swiftSettings: settings),
    // The pipeline that runs a job, and its report.
    .target(
      name: "JobRunner",
      dependencies: [
        "Bytes", "CloudTrail", "Segments", "Listing", "Reading", "Writing", "Dataset",
        "Validation", "JobFiles",
        .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: settings),
    // Made-up trails, by seed: for `trailmerge sample`, the tests and the benchmarks.
    .target(
      name: "SampleTrails",
      dependencies: ["Bytes", .product(name: "_CryptoExtras", package: "swift-crypto")],
      swiftSettings: settings),
    // The command line: parses, calls, prints, exits.
    .executableTarget(
      name: "trailmerge",
      dependencies: [
        "Bytes", "CloudTrail", "Dataset", "JobFiles", "JobRunner", "Reading", "SampleTrails",
        "Segments", "Status", "Tables", "Validation", "Verification", "Writing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    // Timings of each stage and of whole jobs; refuses debug builds.
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "Bytes", "CloudTrail", "Segments", "Listing", "Reading", "Writing", "Dataset", "JobFiles",
        "JobRunner", "SampleTrails",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["compare"],
      swiftSettings: settings),
    // For the tests: temporary folders, nasty trees, and the slow, obvious merge.
    .target(
      name: "TestSupport", dependencies: ["Bytes"], path: "Tests/TestSupport",
      swiftSettings: settings),
    // For the tests: runs a job without a command line.
    .executableTarget(
      name: "RunJob", dependencies: ["Bytes", "Dataset", "JobFiles", "JobRunner"],
      path: "Tests/RunJob", swiftSettings: settings),
    .testTarget(
      name: "TestSupportTests", dependencies: ["Bytes", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "SampleTrailsTests",
      dependencies: [
        "Bytes", "SampleTrails", "TestSupport",
        .product(name: "_CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "BytesTests", dependencies: ["Bytes", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "CloudTrailTests",
      dependencies: ["CloudTrail", "Bytes", "Segments", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SegmentsTests", dependencies: ["Segments", "CloudTrail", "Bytes", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ListingTests", dependencies: ["Listing", "Bytes", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "ReadingTests",
      dependencies: ["Reading", "Listing", "Segments", "CloudTrail", "Bytes", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "DatasetTests",
      dependencies: ["Dataset", "Segments", "CloudTrail", "Bytes", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "WritingTests",
      dependencies: ["Writing", "Dataset", "CloudTrail", "Bytes", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "JobFilesTests", dependencies: ["CloudTrail", "JobFiles", "Writing"],
      swiftSettings: settings),
    .testTarget(
      name: "VerificationTests",
      dependencies: [
        "Bytes", "Dataset", "JobFiles", "JobRunner", "SampleTrails", "TestSupport", "Verification",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "JobRunnerTests",
      dependencies: [
        "Bytes", "CloudTrail", "Dataset", "JobFiles", "JobRunner", "Listing", "Reading",
        "SampleTrails", "Segments", "Status", "Tables", "TestSupport", "Validation", "Verification",
        "Writing",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ValidationTests",
      dependencies: [
        "Bytes", "CloudTrail", "Dataset", "Listing", "SampleTrails", "Validation", "TestSupport",
        .product(name: "_CryptoExtras", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "StatusTests",
      dependencies: [
        "Bytes", "CloudTrail", "Dataset", "Segments", "Status", "TestSupport", "Validation",
      ],
      swiftSettings: settings),
    // Runs the built command.
    .testTarget(
      name: "TrailmergeTests",
      dependencies: [
        "Bytes", "Dataset", "JobFiles", "JobRunner", "RunJob", "SampleTrails", "TestSupport",
        "Verification", "trailmerge",
      ],
      exclude: ["Cases"],
      swiftSettings: settings),
  ]
)
