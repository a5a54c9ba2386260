import Foundation
import Testing

struct ValidateCommandTests {
  private let folder: TemporaryFolder
  private let mirror: URL

  init() throws {
    folder = try TemporaryFolder()
    mirror = folder.url.appending(path: "mirror")
    try FileManager.default.copyItem(
      at: repository.appending(path: "Jobs/Demo/mirror"), to: mirror)
  }

  private func validate(_ arguments: String...) throws -> CommandResult {
    try trailmerge(["validate", mirror.path] + arguments, in: mirror)
  }

  /// The first file below the mirror whose path holds `part`.
  private func file(_ part: String) throws -> URL {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: mirror.path).sorted()
    let path = paths.first { $0.contains(part) && $0.hasSuffix(".gz") }
    return mirror.appending(path: try #require(path))
  }

  @Test("an untouched mirror exits 0 with a summary like that of AWS")
  func valid() throws {
    let result = try validate(
      "--public-keys", "public-keys.json", "--signatures", "signatures.json")
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    #expect(result.output.contains("98/98 digest files valid\n1/1 backfill digest files valid\n"))
  }

  @Test("progress is drawn where it is asked for, and nowhere else")
  func progress() throws {
    let drawn = try validate("--progress", "always")
    #expect(drawn.status == 0)
    #expect(drawn.errors.hasPrefix("\r"))
    #expect(try validate("--progress", "auto").errors.isEmpty)
    #expect(try validate("--progress", "sometimes").status == 64)
  }

  @Test("without keys the summary says what was not checked")
  func withoutKeys() throws {
    let result = try validate()
    #expect(result.status == 0)
    #expect(result.output.contains("No public keys were given"))
    #expect(!result.output.contains("digest files valid"))
  }

  @Test(
    "a removed digest, log or an altered one exits 4 and is named",
    arguments: ["main_us-east-1_20261118T1", "_CloudTrail_us-east-1_20261118T0205Z"],
    [true, false])
  func invalid(part: String, isRemoved: Bool) throws {
    let file = try file(part)
    if isRemoved {
      try FileManager.default.removeItem(at: file)
    } else {
      try Data("{}".utf8).write(to: file)
    }
    let result = try validate("--public-keys", "public-keys.json")
    #expect(result.status == 4)
    let line = result.output.split(separator: "\n").first {
      $0.contains(file.lastPathComponent) && $0.contains("INVALID: ")
    }
    #expect(line?.contains("INVALID: not found") == isRemoved)
  }

  @Test("--format json is one object for programs")
  func json() throws {
    let result = try validate("--public-keys", "public-keys.json", "--format", "json")
    #expect(result.status == 0)
    let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let report = try #require(json as? [String: Any])
    #expect(report["valid"] as? Bool == true)
    #expect((report["digests"] as? [String: Int])?["newest"] == 3)
  }

  @Test("a tree without digests exits 1: nothing could be checked")
  func nothing() throws {
    let empty = try TemporaryFolder()
    let result = try trailmerge("validate", empty.url.path)
    #expect(result.status == 1)
    #expect(result.errors.contains("no digest files"))
    #expect(try trailmerge("validate", "no-such-folder").status == 1)
  }

  @Test(
    "wrong usage exits 64",
    arguments: [
      [], ["--public-keys", "no-such-file.json"], ["--public-keys", "signatures.json"],
      ["--signatures", "signatures.json"], ["--format", "xml"], ["--threads", "-1"],
    ])
  func wrongUsage(arguments: [String]) throws {
    let inputs = arguments.isEmpty ? [] : [mirror.path]
    let result = try trailmerge(["validate"] + inputs + arguments, in: mirror)
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(!result.errors.isEmpty)
  }
}
