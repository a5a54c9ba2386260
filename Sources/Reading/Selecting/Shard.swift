public import Bytes
public import CloudTrail

/// One of several parts of a job's files, so that each can be read elsewhere.
///
/// Which part a file is of depends on its path alone: on its account, region and month of delivery, so
/// that files of one cell stay together; of a file whose path does not say on its folder. CloudTrail's
/// names say it before folders do: a file is then of the same part at whatever level of the bucket a
/// mirror begins, and the key by which a digest lists it is too.
public struct Shard: Sendable, Equatable, CustomStringConvertible {
  /// From 1.
  public let number: Int
  public let count: Int

  /// Reads `2/16`; nil for every other text.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1],
      (1...Shard.limit).contains(count), (1...count).contains(number)
    else { return nil }
    (self.number, self.count) = (number, count)
  }

  /// The most parts that there may be.
  public static let limit = 1_000_000

  public var description: String { "\(number)/\(count)" }

  /// Whether a file is of this part.
  ///
  /// - Parameters:
  ///   - facts: What its path says.
  ///   - name: Its name.
  ///   - folder: What reports call its folder.
  /// - Returns: True for exactly one of the parts.
  public func takes(_ facts: PathFacts, _ name: ArraySlice<UInt8>, in folder: Path) -> Bool {
    guard case .log = facts.kind else { return takes(folder) }
    if let file = TrailFileName(name) { return takes(file) }
    guard let account = facts.account, let region = facts.region, let day = facts.delivery else {
      return takes(folder)
    }
    return takes(account, region.encoded[...], day)
  }

  /// Whether a log is of this part, by its name.
  func takes(_ file: TrailFileName) -> Bool {
    takes(PartitionValue(Array(file.account).span), file.region, file.delivery.day)
  }

  private func takes(_ account: PartitionValue, _ region: ArraySlice<UInt8>, _ day: Day) -> Bool {
    let month = day.description.dropLast(3)
    return takes(Path(bytes: account.encoded + [ASCII.slash] + region + Array("/\(month)".utf8)))
  }

  /// Whether a log that a digest lists may be of another part.
  ///
  /// Of a log whose name is not CloudTrail's the key does not tell.
  public func isElsewhere(_ key: ObjectKey) -> Bool {
    let path = Path(bytes: key.key)
    guard TrailFileName(path.lastComponent[...]) != nil else { return count > 1 }
    return !takes(PathFacts(ofFileAt: path), path.lastComponent[...], in: path.parent)
  }

  /// Whether what is in a folder is of this part, as far as nothing else is known of it.
  func takes(_ folder: Path) -> Bool {
    SHA256Digest(of: folder.bytes.span).words.0 % UInt64(count) == UInt64(number - 1)
  }
}
