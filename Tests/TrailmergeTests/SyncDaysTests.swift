import Foundation
import TestSupport
import Testing

/// `Jobs/sync-days.sh` against a local stand-in for S3.
@Suite("sync-days.sh", .serialized)
struct SyncDaysTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static let script = repository.appending(path: "Jobs/sync-days.sh").path

  /// A bucket with an account's trail and an organization's, three days each, and other services.
  private static let bucket: [String] = [
    "AWSLogs/111111111111/CloudTrail/us-east-1", "AWSLogs/111111111111/CloudTrail/eu-west-1",
    "AWSLogs/111111111111/CloudTrail-Digest/us-east-1", "AWSLogs/111111111111/Config/us-east-1",
    "AWSLogs/o-ab12cd34ef/222222222222/CloudTrail/us-east-1",
    "my logs/AWSLogs/333333333333/CloudTrail/us-east-1",
  ].flatMap { region in
    ["2026/10/31", "2026/11/01", "2026/11/02"].map { "\(region)/\($0)/file.json.gz" }
  }

  private func sync(_ arguments: [String], _ s3: LocalS3? = nil) throws -> CommandResult {
    try bash(
      "exec \"$0\" \"$@\"", [Self.script] + arguments, in: folder.url, s3?.environment ?? [:])
  }

  /// The files in the mirror, relative to it.
  private func mirrored(_ name: String) throws -> [String] {
    let root = folder.url.appending(path: name)
    return try FileManager.default.subpathsOfDirectory(atPath: root.path)
      .filter { $0.hasSuffix(".gz") }.sorted()
  }

  @Test(
    "copies the wanted days of all accounts and regions, of organizations too",
    .needs(.aws, .moto), arguments: LocalS3.tools)
  func copies(tool: String) throws {
    let s3 = try LocalS3(Self.bucket, in: folder)
    let days = ["--from", "2026-10-31", "--to", "2026-11-01", "--tool", tool]
    let result = try sync(["--bucket", "trails", "--target", "my mirror"] + days, s3)
    #expect(result.status == 0, "\(result.errors)")
    // Digests of one day more: they list the last logs of the days.
    let expected = Self.bucket.filter {
      $0.hasPrefix("AWSLogs/") && !$0.contains("/Config/")
        && (!$0.contains("2026/11/02") || $0.contains("/CloudTrail-Digest/"))
    }
    #expect(try mirrored("my mirror") == expected.sorted())

    // Only one region of another tree, whose prefix has a space.
    let other = try sync(
      ["--bucket", "trails", "--target", "other", "--prefix", "my logs/", "--regions", "us-east-1"]
        + ["--accounts", "333333333333", "--kinds", "CloudTrail", "--days", "2"]
        + ["--to", "2026-11-02", "--tool", tool], s3)
    #expect(other.status == 0, "\(other.errors)")
    #expect(
      try mirrored("other")
        == Self.bucket.filter { $0.hasPrefix("my logs/") && !$0.contains("2026/10") })

    // A file cut off here is fetched again, and a whole one keeps its time, by which runs know it.
    let (cut, whole) = (expected[0], expected[1])
    let time = try modified(whole)
    _ = try folder.write("", to: "my mirror/" + cut)
    #expect(try sync(["--bucket", "trails", "--target", "my mirror"] + days, s3).status == 0)
    #expect(try folder.text("my mirror/" + cut) == cut + "\n")
    #expect(try modified(whole) == time)
  }

  @Test(
    "rclone lists no folder that cannot lead to a wanted day, and keeps the times that aws keeps",
    .needs(.aws, .moto, .rclone))
  func rclone() throws {
    let s3 = try LocalS3(Self.bucket, in: folder)
    let day = ["--bucket", "trails", "--from", "2026-11-01", "--to", "2026-11-01"]
    #expect(try sync(day + ["--target", "my mirror"], s3).status == 0)
    let names = try mirrored("my mirror")
    let times = try names.map(modified)
    s3.forgetRequests()
    #expect(try sync(day + ["--target", "my mirror", "--tool", "rclone"], s3).status == 0)
    #expect(try names.map(modified) == times)
    let requests = try s3.requests()
    #expect(requests.contains { $0.contains("prefix=AWSLogs/111111111111/ ") })
    #expect(requests.allSatisfy { $0.contains("&prefix=") }, "nothing is copied again")
    for other in ["Config/", "2026/10/", "CloudTrail/us-east-1/2026/11/02", "2026/11/03", "my"] {
      #expect(!requests.contains { $0.contains(other) }, "\(other)")
    }
  }

  private func modified(_ name: String) throws -> Date? {
    try FileManager.default.attributesOfItem(
      atPath: folder.url.appending(path: "my mirror/" + name).path)[.modificationDate] as? Date
  }

  @Test(
    "prints what it would do, and copies nothing, with --dry-run",
    .needs(.aws, .moto), arguments: LocalS3.tools)
  func dryRun(tool: String) throws {
    let s3 = try LocalS3(Self.bucket, in: folder)
    let result = try sync(
      ["--bucket", "trails", "--target", "mirror", "--from", "2026-11-02", "--to", "2026-11-02"]
        + ["--dry-run", "--tool", tool], s3)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.split(separator: "\n").count == (tool == "aws" ? 5 : 1))
    #expect(
      result.output.contains(
        tool == "aws"
          ? "'s3://trails/AWSLogs/o-ab12cd34ef/222222222222/CloudTrail/us-east-1/2026/11/02/'"
          : "/CloudTrail-Digest/*/2026/11/03/**'"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "mirror").path))
  }

  @Test(
    "exits 1 when a bucket, a tree or a copy fails",
    .needs(.aws, .moto), arguments: LocalS3.tools)
  func failures(tool: String) throws {
    let s3 = try LocalS3(["AWSLogs/111111111111/CloudTrail/r/2026/11/01/a.json.gz"], in: folder)
    let day =
      ["--from", "2026-11-01", "--to", "2026-11-01", "--target", "mirror"]
      + ["--tool", tool]
    let absent = try sync(["--bucket", "none"] + day, s3)
    #expect(absent.status == 1)
    #expect(absent.errors.contains("cannot list s3://none/AWSLogs/"))
    let empty = try sync(["--bucket", "trails", "--prefix", "none"] + day, s3)
    #expect(empty.status == 1)
    #expect(empty.errors.contains("no accounts below s3://trails/none/AWSLogs/"))
    // Something that is no folder is in the way.
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "mirror"), withIntermediateDirectories: true)
    _ = try folder.write("", to: "mirror/AWSLogs")
    let blocked = try sync(["--bucket", "trails"] + day, s3)
    #expect(blocked.status == 1)
    #expect(blocked.errors.contains("run again, nothing is copied twice"))
  }

  @Test(
    "exits 64 on wrong usage, and says what is wrong",
    arguments: [
      [], ["--bucket", "b"], ["--target", "t"], ["--bucket"], ["--frobnicate"],
      ["--bucket", "b", "--target", "t", "--days", "0"],
      ["--bucket", "b", "--target", "t", "--from", "2026-02-30"],
      ["--bucket", "b", "--target", "t", "--to", "yesterday"],
      ["--bucket", "b", "--target", "t", "--from", "2026-11-02", "--to", "2026-11-01"],
      ["--bucket", "b", "--target", "t", "--from", "2026-11-02", "--days", "2"],
      ["--bucket", "b", "--target", "t", "--jobs", "many"],
      ["--bucket", "b", "--target", "t", "--tool", "wget"],
      ["--bucket", "b", "--target", "t", "--accounts", "*"], ["--job"],
    ])
  func wrongUsage(arguments: [String]) throws {
    let result = try sync(arguments)
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("sync-days: see sync-days.sh --help"))
  }

  @Test(
    "fetches what the dataset of a job does not have, wherever the mirror is",
    .needs(.aws, .moto), arguments: LocalS3.tools)
  func job(tool: String) throws {
    let s3 = try LocalS3(Self.bucket, in: folder)
    _ = try folder.write(
      """
      inputs: [{ path: mirror, url: s3://trails }]
      dataset: out
      """, to: "job.yaml")
    let command = [
      "--job", "job.yaml", "--trailmerge", builtProducts.appending(path: "trailmerge").path,
      "--tool", tool, "--accounts", "111111111111", "--regions", "us-east-1",
    ]
    let days = ["--kinds", "CloudTrail", "--from", "2026-11-01", "--to", "2026-11-01"]
    let key = "AWSLogs/111111111111/CloudTrail/us-east-1/2026/11/01/file.json.gz"
    let result = try sync(command + days, s3)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try mirrored("mirror") == [key])
    // It is no log for all its name, so that it has failed, and is wanted again.
    #expect(try trailmerge("run", "job.yaml", in: folder.url).status == 3)
    try FileManager.default.removeItem(at: folder.url.appending(path: "mirror"))
    if tool == "aws" { return }
    #expect(try sync(command + days + ["--dry-run"], s3).output == key + "\n")
  }

  @Test("--help says how, and what the exit statuses mean", arguments: ["sync-days", "sync-queue"])
  func help(script: String) throws {
    let result = try bash("Jobs/\(script).sh --help", in: repository)
    #expect(result.status == 0)
    #expect(result.output.contains("Usage: \(script).sh --job FILE"))
    #expect(result.output.contains("EXIT STATUSES:"))
  }
}

/// A server on this machine that answers as S3 does: moto's, from PyPI.
private final class LocalS3 {
  /// What can copy here; where rclone is missing, the test of its own is skipped and names it.
  static let tools = [Tool.aws, .rclone].filter(\.isHere).map(\.name)

  private let server = Process()
  private let folder: TemporaryFolder
  let environment: [String: String]

  /// Starts it with a bucket `trails` that holds `keys`.
  init(_ keys: [String], in folder: TemporaryFolder) throws {
    self.folder = folder
    let port = String(Int.random(in: 20_000..<60_000))
    environment = [
      "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
      "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:\(port)",
    ]
    server.executableURL = URL(filePath: "/usr/bin/env")
    server.arguments = ["moto_server", "-H", "127.0.0.1", "-p", port]
    server.standardOutput = FileHandle.nullDevice
    server.standardError = try folder.newFile("requests")
    try server.run()
    let fill = """
      set -e
      for try in {1..200}; do
        if (exec 3<>/dev/tcp/127.0.0.1/"$0") 2>/dev/null; then break; fi
        sleep 0.1
      done
      for key; do mkdir -p "bucket/${key%/*}"; echo "$key" >"bucket/$key"; done
      aws s3api create-bucket --bucket trails >/dev/null
      aws s3 cp --recursive --only-show-errors bucket s3://trails/
      """
    let result = try bash(fill, [port] + keys, in: folder.url, environment)
    guard result.status == 0 else { throw Failure(output: result.errors) }
  }

  private var seenByteCount = 0

  /// From here on, `requests` begins.
  func forgetRequests() { seenByteCount = (try? folder.text("requests").utf8.count) ?? 0 }

  /// The log's lines since.
  func requests() throws -> [String] {
    String(decoding: try folder.text("requests").utf8.dropFirst(seenByteCount), as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }

  struct Failure: Error {
    let output: String
  }

  deinit {
    // Not SIGTERM: a process begun on a thread of the tests has it blocked.
    _ = try? bash("kill -KILL \"$0\"", [String(server.processIdentifier)])
    server.waitUntilExit()
  }
}
