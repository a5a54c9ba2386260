import Foundation
public import Testing

/// A program, or a package of Python, that some tests run and that the README does not install.
public struct Tool: Sendable {
  /// How it is called in commands.
  public let name: String
  /// Whether this machine has it.
  public let isHere: Bool
  /// How to get it on Debian.
  private let install: String

  private init(_ name: String, probe: String? = nil, install: String) {
    self.name = name
    self.install = install
    isHere = Self.succeeds(probe ?? "command -v \(name)")
  }

  public static let jq = Tool("jq", install: "apt-get install jq")
  public static let aws = Tool("aws", install: "pip install awscli")
  public static let parallel = Tool("parallel", install: "apt-get install parallel")
  public static let rclone = Tool("rclone", install: "apt-get install rclone")
  public static let promtool = Tool("promtool", install: "apt-get install prometheus")
  /// A server on this machine that answers as S3 does.
  public static let moto = Tool("moto_server", install: "pip install 'moto[server]'")
  /// As a package of Python.
  public static let duckDB = Tool(
    "duckdb", probe: "python3 -c 'import duckdb'", install: "pip install duckdb")
  /// As a package of Python.
  public static let pandas = Tool(
    "pandas", probe: "python3 -c 'import pandas'", install: "pip install pandas")
  /// As a package of Python.
  public static let openpyxl = Tool(
    "openpyxl", probe: "python3 -c 'import openpyxl'", install: "pip install openpyxl")

  /// As a package of Python.
  public static let polars = Tool(
    "polars", probe: "python3 -c 'import polars'", install: "pip install polars")

  /// What is printed of a test that is skipped since these are missing.
  public static func missing(_ tools: [Tool]) -> Comment {
    "missing: \(tools.map { "\($0.name) (\($0.install))" }.joined(separator: ", "))"
  }

  private static func succeeds(_ script: String) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test where one of these tools is missing, and names it.
  public static func needs(_ tools: Tool...) -> Self {
    let missing = tools.filter { !$0.isHere }
    return .enabled(if: missing.isEmpty, Tool.missing(missing))
  }
}
