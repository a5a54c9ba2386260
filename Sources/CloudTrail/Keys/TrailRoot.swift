public import Bytes

/// The folder in a bucket that AWS services deliver to: `[prefix/]AWSLogs/[o-…/]`.
public enum TrailRoot {
  /// Whether a folder's name is that of a root; whole names are compared.
  public static func isOne(_ name: ArraySlice<UInt8>) -> Bool {
    name.elementsEqual("AWSLogs".utf8)
  }

  /// The last root among the segments of a path or key.
  public static func position(in segments: [ArraySlice<UInt8>]) -> Int? {
    segments.lastIndex(where: isOne)
  }

  /// The organization that the trail belongs to whose root is at `position`: the folder below it.
  ///
  /// Nil for a trail of one account, even where a prefix before the root names an organization.
  public static func organization(
    below position: Int, in segments: [ArraySlice<UInt8>]
  ) -> ArraySlice<UInt8>? {
    let next = position + 1
    return next < segments.count && OrganizationID.isOne(segments[next]) ? segments[next] : nil
  }

  /// The folder that one trail writes to: a path up to its last root, with the trail's organization.
  ///
  /// - Returns: Nil for a path without a root.
  public static func trail(of path: Path) -> Path? {
    let segments = path.bytes.split(separator: UInt8(ascii: "/"))
    guard let position = position(in: segments) else { return nil }
    let last = organization(below: position, in: segments) ?? segments[position]
    return Path(bytes: Array(path.bytes[..<last.endIndex]))
  }
}
