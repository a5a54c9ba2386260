import ArgumentParser
import Foundation

/// Options of all measurements.
struct CommonOptions: ParsableArguments {
  @Option(
    name: .customLong("data"),
    help: "Where corpora are kept and jobs write (default: below the folder for temporary files).")
  var data: String?

  @Option(help: "Runs after the one to warm up.")
  var runs = 10

  @Option(help: "Another seed, other corpora.")
  var seed: UInt64 = 1

  @Flag(help: "Print JSON instead of tables.")
  var json = false

  func validate() throws {
    guard runs >= 1 else { throw ValidationError("--runs must be at least 1") }
  }

  /// Prints `value` as JSON.
  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
