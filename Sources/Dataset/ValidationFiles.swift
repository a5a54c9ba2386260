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
/// The files are evidence beside the data, and no run needs them: one that is damaged is made anew
/// by the next validation, but for what it alone told of files that are no longer in the inputs.
public struct ValidationFiles<Finding: ValidationFinding>: Sendable {
  public let folder: Path

  public init(_ folder: Path) {
    self.folder = folder
  }

  /// The names of all files, by day.
  public func names() throws -> [String] {
    guard FileSystem.exists(folder) else { return [] }
    return try OpenFolder(folder).entries().map { Path(bytes: $0.name).description }.sorted()
  }

  /// The findings of one file in their order; none if it is not there.
  ///
  /// - Throws: `ValidationFileDamage` for a line that cannot be understood, stands where it should
  ///   not or is cut off; `FileError`.
  public func findings(named name: String) throws -> [Finding] {
    let path = folder.appending(name)
    guard FileSystem.exists(path) else { return [] }
    let bytes = try FileSystem.contents(of: path)
    var findings: [Finding] = []
    var last: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      let end = ByteSearch.first(0x0A, in: bytes.span, from: start)
      guard end < bytes.count, let finding = Finding(json: bytes.span.extracting(start..<end)),
        precedes(last, finding.order)
      else { throw ValidationFileDamage(path: path, line: findings.count + 1) }
      findings.append(finding)
      last = finding.order
      start = end + 1
    }
    return findings
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
      output.append(0x0A)
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
  /// From 1.
  public let line: Int

  public var description: String {
    "\(path) is damaged at line \(line): the next run with validate: true makes it anew"
  }
}
