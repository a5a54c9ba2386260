import JobFiles
import Testing

/// Every key says whether it decides the bytes of a dataset, and the fingerprint follows it.
@Suite("Whether a key decides bytes")
struct DecidesBytesTests {
  /// For each key two values, both other than its default.
  ///
  /// A new key needs a line here.
  private static let values: [String: (String, String)] = [
    "name": ("a", "b"),
    "dataset": ("/a", "/b"),
    "families": ("[insight]", "[events, insight]"),
    "incremental": ("true", "false"),
    "allowLoss": ("true", "false"),
    "memory": ("1GiB", "2GiB"),
    "threads": ("1", "2"),
    "tempDir": ("/a", "/b"),
    "maxInflated": ("1MiB", "2MiB"),
    "salvage": ("true", "false"),
    "strict": ("true", "false"),
    "validate": ("true", "false"),
    "publicKeys": ("[/a]", "[/b]"),
    "signatures": ("/a", "/b"),
    "lockWait": ("1m", "2m"),
    "failIfNoNewFiles": ("true", "false"),
    "failIfStale": ("1h", "2h"),
    "metricsFile": ("/a", "/b"),
    "inputs[].path": ("/a", "/b"),
    "inputs[].name": ("a", "b"),
    "inputs[].url": ("s3://a", "s3://b/c"),
    "select.from": ("2026-11-01", "7d"),
    "select.to": ("2026-11-01", "today"),
    "select.deliveredFrom": ("2026-11-01", "7d"),
    "select.deliveredTo": ("2026-11-01", "today"),
    "select.accounts": ("[a]", "[b]"),
    "select.regions": ("[a]", "[a, b]"),
    "select.orgIDs": ("[a]", "[b]"),
    "select.include": ("[{ a: b }]", "[{ absent: a }]"),
    "select.exclude": ("[{ a: b }]", "[{ a: b }, { a: c }]"),
    "outputs[].format": ("csv", "ndjson"),
    "outputs[].name": ("a", "b"),
    "outputs[].partitionBy": ("[]", "[dt]"),
    "outputs[].compression": ("gzip", "gzip:1"),
    "outputs[].text": ("exact", "repaired"),
    "outputs[].profile": ("plain", "excel"),
    "outputs[].formulas": ("defuse", "keep"),
    "outputs[].columns": ("[a]", "[a as b]"),
    "outputs[].maxRows": ("1", "2"),
    "outputs[].maxBytes": ("1MiB", "2MiB"),
    "outputs[].provenance": ("true", "false"),
  ]

  /// The keys that have keys of their own, which say it.
  private static let parents = ["inputs", "select", "outputs"]

  /// The keys that a job cannot do without another one.
  private static let companions = ["signatures": "publicKeys: [/keys]\nvalidate: true\n"]

  @Test("the fingerprint differs for two values if the key says so, and only then")
  func everyKey() throws {
    for key in JobKeyDescription.all where !Self.parents.contains(key.name) {
      let (first, second) = try #require(Self.values[key.name], "no values for \(key.name)")
      let fingerprints = try [first, second].map { try fingerprint(key.name, $0) }
      #expect((fingerprints[0] != fingerprints[1]) == key.decidesBytes, "\(key.name)")
    }
  }

  @Test("what decides is known by its name, and nothing else has a line")
  func linesAreOfDecidingKeys() throws {
    let lines = try JobFingerprint(
      job(
        """
        select: { from: 7d, to: today, deliveredFrom: 7d, deliveredTo: today, accounts: [a],
          regions: [a], orgIDs: [a], include: [{ a: b }], exclude: [{ a: c }] }
        outputs: [{ format: csv, maxRows: 5, maxBytes: 1MiB }, { format: ndjson }]
        publicKeys: [/keys]
        tempDir: /tmp
        """)
    ).lines
    let keys = lines.compactMap { $0.split(separator: ":").first }
      .map { String($0).replacing("[0]", with: "[]").replacing("[1]", with: "[]") }
    let deciding = JobKeyDescription.all.filter(\.decidesBytes).map(\.name)
      .filter { !Self.parents.contains($0) }
    #expect(Set(keys) == Set(deciding))
  }

  private func fingerprint(_ key: String, _ value: String) throws -> JobFingerprint {
    let companion = Self.companions[key] ?? ""
    let parts = key.split(separator: ".").map(String.init)
    let yaml =
      switch parts[0] {
      case "select": "select: { \(parts[1]): \(value) }"
      case "outputs[]" where parts[1] == "format": "outputs: [{ format: \(value), name: x }]"
      case "outputs[]" where parts[1] == "text": "outputs: [{ format: ndjson, text: \(value) }]"
      case "outputs[]": "outputs: [{ format: csv, \(parts[1]): \(value) }]"
      case "inputs[]" where parts[1] == "name": "inputs: [{ path: /mirror, name: \(value) }]"
      case "inputs[]": "inputs: [{ path: \(value) }]"
      default: "\(companion)\(key): \(value)"
      }
    let given = Set(yaml.split(separator: "\n").compactMap { $0.split(separator: ":").first })
    let needed = [("inputs", "inputs: [/mirror]\n"), ("dataset", "dataset: /data\n")]
      .filter { !given.contains(Substring($0.0)) }.map(\.1).joined()
    return JobFingerprint(try Job(yaml: needed + yaml, file: "test.yaml", in: surroundings))
  }
}
