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
  /// The day the file was delivered: not the day of its events.
  public var delivery: Day?
  /// The organization's id, `o-…`.
  public var organization: String?

  /// Facts of a file when only its kind is known.
  init(_ kind: Kind) {
    self.kind = kind
  }

  /// Facts of a file in a folder that was read once for all its files.
  init(folder: TrailFolder?, fileName: ArraySlice<UInt8>) {
    let key = TrailKey(folder: folder, fileName: fileName)
    kind = Kind(key, fileName)
    account = key.account
    region = key.region
    delivery = key.delivery
    organization = key.organization
  }

  /// - Parameter path: An absolute path, or the key of an S3 object.
  public init(ofFileAt path: Path) {
    self.init(
      folder: TrailFolder(path.parent.bytes.split(separator: UInt8(ascii: "/"))),
      fileName: path.lastComponent[...])
  }
}

extension PathFacts {
  /// Why a file is not read, as far as its path tells; nil for one that is.
  ///
  /// - Parameters:
  ///   - folder: What its folder says.
  ///   - families: Those that are read.
  /// - Returns: What the report counts it under.
  func reasonToSkip(in folder: TrailFolder?, reading families: Set<Family>) -> String? {
    switch kind {
    case .skipped(let reason): return reason
    case .log(let family): return families.contains(family) ? nil : family.folderName
    case .loose: return nil
    case .unnamed:
      return folder?.service.family.flatMap { families.contains($0) ? nil : $0.folderName }
    }
  }
}

extension PathFacts.Kind {
  /// What the report counts files under that are not all there yet.
  private static let partialDownload = "partial download"

  fileprivate init(_ key: TrailKey, _ fileName: ArraySlice<UInt8>) {
    guard let service = key.service else {
      self = JSONName.isOne(fileName) ? .loose : .unnamed
      return
    }
    guard let name = key.name else {
      self =
        service.family.map { JSONName.isOne(fileName) ? .log($0) : .unnamed }
        ?? .skipped(service.name)
      return
    }
    self.init(name)
  }

  /// What a name of an AWS service says, wherever the file is.
  init(_ name: TrailFileName) {
    switch name.service {
    case _ where name.isPartial: self = .skipped(PathFacts.Kind.partialDownload)
    case .log(let family): self = name.ending == .whole ? .log(family) : .unnamed
    case .digest, .other: self = .skipped(name.service.name)
    }
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
