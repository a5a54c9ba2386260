import Bytes
import CloudTrail
import Foundation
import Listing
import SampleTrails
import TestSupport
import Validation
import _CryptoExtras

/// A small made-up tree with signed digests, for tests to damage.
struct DigestTree {
  let folder: TemporaryFolder

  /// One account and region: a chain of 25 digests for each of two trails, and backfill.
  init() throws {
    var options = SampleTrailOptions()
    options.events = 300
    options.accounts = 1
    options.regions = 1
    options.days = 1
    options.lateShare = 0.08
    options.eventsPerFile = 12
    folder = try TemporaryFolder()
    _ = try SampleTrail.write(options, to: folder.path)
  }

  var keysFile: Path { Path(folder.appending("public-keys.json")) }
  var signaturesFile: Path { Path(folder.appending("signatures.json")) }

  /// Paths of the account's own chain, oldest first.
  func digests(isBackfill: Bool = false) throws -> [String] {
    try paths.filter {
      $0.contains("_CloudTrail-Digest_") && $0.contains("_main_")
        && $0.contains("_backfill") == isBackfill
    }
  }

  /// Paths of the log files that the account's own trail has delivered.
  func logs() throws -> [String] {
    try paths.filter { $0.contains("/CloudTrail/") && !$0.contains("/o-") }
  }

  private var paths: [String] {
    get throws { try FileTree.read(folder.path).map(\.path) }
  }

  // MARK: Damage

  func remove(_ path: String) throws {
    try FileSystem.removeFile(Path(folder.appending(path)))
  }

  func write(_ bytes: [UInt8], to path: String) throws {
    try FileTree.write(bytes, to: path, in: folder.path)
  }

  func stored(_ path: String) throws -> [UInt8] {
    try FileSystem.contents(of: Path(folder.appending(path)))
  }

  /// Changes a file's inflated text.
  func edit(_ path: String, _ change: (inout String) -> Void) throws {
    var text = String(decoding: try gunzipped(stored(path)), as: UTF8.self)
    change(&text)
    try write(try gzipped(Array(text.utf8)), to: path)
  }

  // MARK: Validation

  /// What is validated, relative to the tree, and with what.
  func validate(
    _ inputs: [String] = [""], keys: Bool = true, signatures: Bool = true
  ) throws -> ValidationReport {
    var options = ValidationOptions()
    if keys { options.keys = try PublicKeys(files: [keysFile]) }
    if keys, signatures { options.signatures = try Signatures(file: signaturesFile) }
    return try ValidationReport(
      of: inputs.map { Path(folder.path).appending($0) }, options)
  }
}

/// All that a validation found.
struct ValidationReport {
  private(set) var digests: [DigestFinding] = []
  private(set) var logs: [LogFinding] = []
  private(set) var chains: [ChainReport] = []
  private(set) var skippedLinks: [Path] = []
  private(set) var findings: [ValidationFinding] = []
  private(set) var tally = ValidationTally()
  private let options: ValidationOptions

  var isInvalid: Bool { tally.isInvalid }
  var summary: [String] { tally.summary(hasKeys: options.keys != nil) }

  init(
    of inputs: [Path], _ options: ValidationOptions = ValidationOptions(), memory: Int = 1 << 20
  ) throws {
    try self.init(of: validationSource(inputs), options, memory: memory)
  }

  init(
    of source: some InputSource, _ options: ValidationOptions = ValidationOptions(),
    memory: Int = 1 << 20
  ) throws {
    self.options = options
    let scratch = TemporaryFiles()
    defer { scratch.remove() }
    var found: [ValidationFinding] = []
    try Validation.validate(
      in: source, options: options,
      ValidationResources(memory: memory) { try scratch.path() }, mapping: SequentialMapping()
    ) { found.append($0) }
    for finding in found { take(finding) }
  }

  private mutating func take(_ finding: ValidationFinding) {
    findings.append(finding)
    tally.add(finding)
    switch finding {
    case .digest(let digest): digests.append(digest)
    case .log(let log): logs.append(log)
    case .chain(let chain): chains.append(chain)
    case .skippedLink(let link): skippedLinks.append(link)
    default: break
    }
  }

  func json(isVerbose: Bool) -> [UInt8] {
    var json = JSONObjectWriter()
    tally.add(to: &json, hasKeys: options.keys != nil)
    for list in ReportList.allCases {
      json.add(
        list.name,
        array: findings.compactMap { $0.json(isVerbose: isVerbose) }.filter { $0.list == list }
          .map(\.item))
    }
    return json.finish()
  }

  /// What is invalid: `<name of the status> <file name>`, sorted.
  var problemNames: [String] {
    let digests = digests.filter(\.status.isInvalid).map { "\($0.status.name) \(name($0.object))" }
    let logs = logs.filter(\.status.isInvalid).compactMap { log in
      log.object.map { "\(log.status.name) \(name($0))" }
    }
    return (digests + logs).sorted()
  }

  private func name(_ object: ObjectKey) -> String { fileName(String(describing: object)) }

  var text: String {
    (findings.flatMap { $0.lines(isVerbose: true) } + summary).joined(separator: "\n")
  }
}

/// What follows the last slash.
func fileName(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

/// A list of public keys as AWS prints it.
func keyList(_ der: Data, fingerprint: String, validity: String = "") -> [UInt8] {
  let value = der.base64EncodedString()
  return Array(
    """
    {"PublicKeyList": [{"Value": "\(value)", "Fingerprint": "\(fingerprint)"\(validity)}]}
    """.utf8)
}

/// The fingerprint that the sample trees' digests name.
let sampleFingerprint = "a4c123b1612dd272d1371c17149d4395"
