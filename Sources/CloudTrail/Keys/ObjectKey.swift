public import Bytes

/// Where an object is in S3: a bucket and a key, as a digest names it.
public struct ObjectKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var bucket: [UInt8]
  public var key: [UInt8]

  public init(bucket: [UInt8], key: [UInt8]) {
    self.bucket = bucket
    self.key = key
  }

  /// What follows the last slash of the key.
  public var name: [UInt8] { Path(bytes: key).lastComponent }

  /// The parts of the key between its slashes.
  ///
  /// Empty ones are left out, as file systems do: `logs//AWSLogs` is `logs/AWSLogs` in a mirror.
  public var segments: [ArraySlice<UInt8>] { key.split(separator: ASCII.slash) }

  /// Whether the key could name a file below a folder: it has no `.` and no `..`.
  ///
  /// CloudTrail writes no other keys.
  public var isPlain: Bool {
    !key.contains(0) && !segments.isEmpty
      && segments.allSatisfy { !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
  }

  /// The key as a mirror has it, without empty parts.
  public var plain: ObjectKey {
    ObjectKey(bucket: bucket, key: Array(segments.joined(separator: [ASCII.slash])))
  }

  /// `s3://bucket/key` in bytes.
  public var address: [UInt8] { Array("s3://".utf8) + bucket + [ASCII.slash] + key }

  /// `s3://bucket/key`, safe to print; without a bucket, as for a file that cannot be read, the path.
  public var description: String {
    bucket.isEmpty
      ? printable(bytes: key) : "s3://" + printable(bytes: bucket) + "/" + printable(bytes: key)
  }

  public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
    let order = left.key.span.compare(to: right.key.span)
    return order != 0 ? order < 0 : left.bucket.span.compare(to: right.bucket.span) < 0
  }
}

extension ObjectKey {
  /// Whether a file is where a copy of the object may be.
  ///
  /// A mirror can be rooted at any level of the key and can be below any folders, so the key's
  /// end is compared with the path's. It is a copy if one of the two is used up by that, or if they
  /// agree from `AWSLogs` on, or at least from the folder of the kind on (kind, region, year, month,
  /// day, name) and no folder with the name of another account or organization comes before it. An
  /// unpacked file, without the `.gz` of the key, is where the key says too.
  ///
  /// - Parameters:
  ///   - path: Where the file is.
  ///   - depth: How many of the last segments of its path are below the input.
  /// - Returns: False for a key that no mirror has, too.
  public func isPlace(_ path: Path, depth: Int) -> Bool {
    guard isPlain else { return false }
    let segments = segments
    let folders = path.bytes.split(separator: ASCII.slash)
    guard let name = folders.last, let ownName = segments.last,
      ObjectKey.stem(name).elementsEqual(ObjectKey.stem(ownName))
    else { return false }
    let common =
      1
      + zip(folders.reversed(), segments.reversed()).dropFirst()
      .prefix { $0.elementsEqual($1) }.count
    if common == segments.count || common >= depth { return true }
    if segments.suffix(common).contains(where: TrailRoot.isOne) { return true }
    return common >= 6 && !ObjectKey.isTelling(folders[folders.count - common - 1])
  }

  /// A file's name without the ending of its compression.
  public static func stem(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    name.suffix(3).elementsEqual(".gz".utf8) ? name.dropLast(3) : name
  }

  /// Whether a folder's name says whose logs it holds.
  private static func isTelling(_ name: ArraySlice<UInt8>) -> Bool {
    AccountID.isOne(name) || OrganizationID.isOne(name) || TrailRoot.isOne(name)
  }
}
