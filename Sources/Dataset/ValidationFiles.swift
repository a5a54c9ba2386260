public import Bytes

/// One line of what a validation found.
public protocol ValidationFinding: Sendable {
  /// As the ledger and `_source` name it; nil for what is not there.
  var path: Path? { get }
  /// `s3://bucket/key`, where it is known.
  var object: [UInt8]? { get }
  /// Compared part by part, it gives the order of the lines; no two lines share it.
  var order: [[UInt8]] { get }

  func json() -> [UInt8]
  init?(json: Span<UInt8>)
}

/// What validations found, in one file of lines a delivery day: a night rewrites only what changed.
///
/// The files are evidence beside the data, and no run needs them: one that is damaged is made again
/// by the next validation, except for what it alone said of files that are no longer in the inputs.
public struct ValidationFiles<Finding: ValidationFinding>: Sendable {
  public let folder: Path

  public init(_ folder: Path) {
    self.folder = folder
  }

  /// The names of all files, by day.
  public func names() throws -> [String] { try DatasetLayout.ledgerNames(in: folder) }

  /// The findings of one file in their order; none if it is not there.
  ///
  /// - Throws: For a file that cannot be read, and for a line that cannot be understood, is where
  ///   it should not or is cut off.
  public func findings(named name: String) throws(ValidationFileDamage) -> [Finding] {
    let path = folder.appending(name)
    guard FileSystem.exists(path) else { return [] }
    let bytes = try read(path)
    var findings: [Finding] = []
    var last: [[UInt8]] = []
    var lines = TextLines(bytes)
    while let line = lines.next() {
      guard line.isEnded, let finding = Finding(json: bytes.span.extracting(line.range)),
        precedes(last, finding.order)
      else { throw ValidationFileDamage(path: path, line: findings.count + 1) }
      findings.append(finding)
      last = finding.order
    }
    return findings
  }

  private func read(_ path: Path) throws(ValidationFileDamage) -> [UInt8] {
    do {
      return try FileSystem.contents(of: path)
    } catch {
      throw ValidationFileDamage(path: path, unreadable: error)
    }
  }

  /// The text of a file: one finding a line; of several with one place in the order the first in
  /// byte order.
  public static func text(_ findings: [Finding]) -> [UInt8] {
    let lines = findings.map { $0.order + [$0.json()] }.sorted(by: precedes)
    var output = ByteBuffer(capacity: findings.count * 512 + 64)
    var last: [[UInt8]] = []
    for line in lines {
      let order = Array(line.dropLast())
      guard order != last, let json = line.last else { continue }
      output.append(json)
      output.append(ASCII.lineFeed)
      last = order
    }
    return output.bytes.copied()
  }
}

private func precedes(_ left: [[UInt8]], _ right: [[UInt8]]) -> Bool {
  left.lexicographicallyPrecedes(right) { $0.lexicographicallyPrecedes($1) }
}

/// A file of findings that is not as a validation wrote it.
public struct ValidationFileDamage: Error, CustomStringConvertible {
  public let path: Path
  /// From 1; nil for a file that cannot be read.
  public let line: Int?
  /// Why it cannot be read; nil for one that can.
  public let unreadable: FileError?

  init(path: Path, line: Int) {
    (self.path, self.line, unreadable) = (path, line, nil)
  }

  init(path: Path, unreadable: FileError) {
    (self.path, line, self.unreadable) = (path, nil, unreadable)
  }

  /// `is damaged at line 3`.
  public var problem: String {
    line.map { "is damaged at line \($0)" } ?? "cannot be read: \(unreadable?.reason ?? "")"
  }

  /// A closed door is no damage: who meets one has to be let in.
  ///
  /// - Throws: The error of a file that this user may not read.
  public func throwIfForbidden() throws(FileError) {
    if let unreadable, unreadable.isPermission { throw unreadable }
  }

  public var description: String {
    "\(path) \(problem); the next run with validate: true makes it again"
  }
}
