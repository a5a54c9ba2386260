import Bytes

/// Where an object is in S3: a bucket and a key, as a digest names it.
public struct ObjectKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var bucket: [UInt8]
  public var key: [UInt8]

  public init(bucket: [UInt8], key: [UInt8]) {
    self.bucket = bucket
    self.key = key
  }

  /// What follows the last slash of the key.
  var name: [UInt8] { Path(bytes: key).lastComponent }

  /// Whether the key could name a file below a folder: no `..`, no empty part, not absolute.
  ///
  /// CloudTrail writes no other keys.
  var isPlain: Bool {
    !key.isEmpty && !key.contains(0)
      && key.split(separator: ASCII.slash, omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
      }
  }

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
