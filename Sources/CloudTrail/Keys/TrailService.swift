public import Bytes

/// What a folder below an account, or the second part of a file's name, says that files are.
public enum TrailService: Hashable, Sendable {
  /// CloudTrail's log files.
  case log(Family)
  /// CloudTrail's digests, which say what logs there are.
  case digest
  /// Another service, or a kind of CloudTrail's files that is not known here, by its name.
  case other(String)

  /// The name of the folders of digests, which is a part of their files' names too.
  private static let digestName = "CloudTrail-Digest"

  /// Any name is that of a service; whole names are compared.
  public init(folderName name: ArraySlice<UInt8>) {
    self = TrailService(ofCloudTrail: name) ?? .other(String(decoding: name, as: UTF8.self))
  }

  /// Logs or digests of CloudTrail; nil for any other name.
  init?(ofCloudTrail name: ArraySlice<UInt8>) {
    if let family = Family(folderName: name) {
      self = .log(family)
    } else if name.elementsEqual(TrailService.digestName.utf8) {
      self = .digest
    } else {
      return nil
    }
  }

  /// The name of its folders.
  public var name: String {
    switch self {
    case .log(let family): family.folderName
    case .digest: TrailService.digestName
    case .other(let name): name
    }
  }

  /// The family of log files; nil for anything else.
  public var family: Family? {
    if case .log(let family) = self { family } else { nil }
  }

  /// Whether CloudTrail writes such files.
  public var isOfCloudTrail: Bool {
    switch self {
    case .log, .digest: true
    case .other(let name): name.hasPrefix(Family.events.folderName)
    }
  }
}

extension TrailService {
  /// What a file is for evidence: a log, or a digest; nil for anything else.
  ///
  /// A file is a log by the second part of its name or by its folders, nothing else of the name is
  /// checked: evidence rather counts a file too many than passes over one whose name was changed. A
  /// digest is one by its whole name, wherever it is; what else is in the folders of digests is
  /// somebody's note.
  ///
  /// - Parameters:
  ///   - name: The file's.
  ///   - folder: What `claimed(byFolder:)` says of its folder.
  /// - Returns: `log` or `digest`; nil for anything else.
  public static func claimed(
    byFileName name: ArraySlice<UInt8>, in folder: TrailService?
  ) -> TrailService? {
    switch claimed(byFileName: name) ?? folder {
    case .log(let family)?: .log(family)
    case .digest?: DigestName.isOne(name) ? .digest : nil
    default: nil
    }
  }

  /// What a path is for evidence.
  public static func claimed(by path: Path) -> TrailService? {
    claimed(byFileName: path.lastComponent[...], in: claimed(byFolder: path.parent))
  }

  /// The logs or digests that a file claims to be of by the second part of its name.
  public static func claimed(byFileName name: ArraySlice<UInt8>) -> TrailService? {
    let separator = UInt8(ascii: "_")
    guard let first = name.firstIndex(of: separator),
      let second = name[(first + 1)...].firstIndex(of: separator)
    else { return nil }
    return TrailService(ofCloudTrail: name[(first + 1)..<second])
  }

  /// The logs or digests that a path claims for its files: what its innermost segment says that has
  /// the name of either.
  public static func claimed(byFolder folder: Path) -> TrailService? {
    for name in folder.bytes.split(separator: UInt8(ascii: "/")).reversed() {
      if let service = TrailService(ofCloudTrail: name) { return service }
    }
    return nil
  }
}
