public import Bytes
public import CloudTrail

/// What a file's place and name say about it, before it is opened.
public struct PathFacts: Hashable, Sendable {
  /// How a file is to be read.
  public enum Kind: Hashable, Sendable {
    /// A CloudTrail log file: one document with one `Records`.
    case log(Family)
    /// Any other file that is named like JSON, or that the user named: its content decides.
    case loose
    /// A loose file whose name does not promise JSON: its content decides whether it is looked into at
    /// all.
    case unnamed
    /// Not read; the name says why: a family, a service, or a class of the report.
    case skipped(String)
  }

  public var kind: Kind
  public var account: PartitionValue?
  public var region: PartitionValue?
  /// The date the file was delivered, in days since 1970-01-01: not the date of its events.
  public var deliveryDay: Int32?
  /// The organization's id, `o-…`.
  public var organization: String?

  init(
    _ kind: Kind, account: PartitionValue? = nil, region: PartitionValue? = nil,
    deliveryDay: Int32? = nil, organization: String? = nil
  ) {
    self.kind = kind
    self.account = account
    self.region = region
    self.deliveryDay = deliveryDay
    self.organization = organization
  }

  /// Whether these are facts of a log file or of a folder of log files.
  var isOfLogs: Bool {
    if case .log = kind { true } else { false }
  }

  /// These facts of a folder with those of a file's name: the name decides what the file is, and
  /// fills in what the folder leaves open.
  fileprivate func completed(by name: NameFacts) -> PathFacts {
    PathFacts(
      name.kind, account: account ?? PartitionValue(Array(name.account).span),
      region: region ?? PartitionValue(Array(name.region).span),
      deliveryDay: deliveryDay ?? name.deliveryDay, organization: organization)
  }
}

/// What a file's name says about it.
///
/// Made for every file, so the texts stay where they are until they are wanted.
struct NameFacts {
  var kind: PathFacts.Kind
  var account: ArraySlice<UInt8>
  var region: ArraySlice<UInt8>
  var deliveryDay: Int32
}

/// A way in which CloudTrail files are arranged in folders.
///
/// To add a layout, write a type in this folder and name it in `InputLayouts.all`.
protocol InputLayout: Sendable {
  /// What this layout knows of the files in a folder.
  ///
  /// - Parameters:
  ///   - segments: The folder's absolute path, split at its slashes.
  ///   - depth: How many of the segments are the input's: the user named those, so nothing is skipped
  ///     because of them.
  /// - Returns: Nil when the folder does not belong to this layout.
  static func facts(folder segments: [ArraySlice<UInt8>], inputDepth depth: Int) -> PathFacts?

  /// What this layout knows of a file by its name alone.
  static func facts(fileName: ArraySlice<UInt8>) -> NameFacts?
}

enum InputLayouts {
  /// All layouts; the first that knows a folder or a name decides.
  static let all: [any InputLayout.Type] = [TrailFolder.self, TrailFileName.self]

  static func facts(folder: Path, inputDepth: Int = 0) -> PathFacts? {
    let segments = folder.bytes.split(separator: 0x2F)
    for layout in all {
      if let facts = layout.facts(folder: segments, inputDepth: inputDepth) { return facts }
    }
    return nil
  }

  static func facts(fileName: ArraySlice<UInt8>) -> NameFacts? {
    for layout in all {
      if let facts = layout.facts(fileName: fileName) { return facts }
    }
    return nil
  }

  /// What a folder and a name say together.
  ///
  /// A name that says what the file is decides that. For the rest the folder comes first, except
  /// where it belongs to another service than the file.
  static func facts(folder: PathFacts?, fileName: ArraySlice<UInt8>) -> PathFacts {
    if let name = facts(fileName: fileName) {
      if let folder, folder.isOfLogs || folder.kind == name.kind {
        return folder.completed(by: name)
      }
      return PathFacts(name.kind, organization: folder?.organization).completed(by: name)
    }
    guard var facts = folder else {
      return PathFacts(JSONName.isOne(fileName) ? .loose : .unnamed)
    }
    if facts.isOfLogs, !JSONName.isOne(fileName) { facts.kind = .unnamed }
    return facts
  }
}

extension PathFacts {
  /// What the place and the name of a file say, be it a log file or a digest.
  ///
  /// - Parameter path: An absolute path, or the key of an S3 object.
  public init(ofFileAt path: Path) {
    self = InputLayouts.facts(
      folder: InputLayouts.facts(folder: path.parent), fileName: path.lastComponent[...])
  }
}

/// Names that promise JSON.
enum JSONName {
  private static let endings = [".json", ".ndjson", ".jsonl"].flatMap { ending in
    [Array(ending.utf8), Array((ending + ".gz").utf8)]
  }

  static func isOne(_ name: ArraySlice<UInt8>) -> Bool {
    endings.contains { name.count > $0.count && name.suffix($0.count).elementsEqual($0) }
  }
}

/// A date in digits, `YYYY`, `MM`, `DD`, as days since 1970.
func dayNumber(
  _ year: ArraySlice<UInt8>, _ month: ArraySlice<UInt8>, _ day: ArraySlice<UInt8>
) -> Int32? {
  guard year.count == 4, month.count == 2, day.count == 2,
    let year = decimal(year), let month = decimal(month), let day = decimal(day)
  else { return nil }
  return CivilDate(year: year, month: month, day: day)?.daysSince1970
}

private func decimal(_ digits: ArraySlice<UInt8>) -> Int32? {
  var value: Int32 = 0
  for digit in digits {
    guard (0x30...0x39).contains(digit) else { return nil }
    value = value * 10 + Int32(digit - 0x30)
  }
  return value
}
