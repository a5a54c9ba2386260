import Bytes
import CloudTrail

extension LocalFiles {
  /// The local copies of an S3 object: usually one, none if it is not there.
  ///
  /// - Complexity: O(log files).
  func copies(of object: ObjectKey) -> [Int] {
    guard object.isPlain else { return [] }
    return files(named: object.name).filter { isPlace(of: $0, for: object) }
  }

  /// Whether a file is where a copy of `object` may be.
  ///
  /// A mirror can be rooted at any level of the key and can be below any folders, so the key's
  /// end is compared with the path's. It is a copy if one of the two is used up by that, or if they
  /// agree from `AWSLogs` on, or at least from the folder of the kind on (kind, region, year, month,
  /// day, name) and no folder with the name of another account or organization comes before it.
  func isPlace(of file: Int, for object: ObjectKey) -> Bool {
    guard object.isPlain else { return false }
    let path = path(of: file).bytes.split(separator: ASCII.slash)
    let key = object.key.split(separator: ASCII.slash)
    let common = zip(path.reversed(), key.reversed()).prefix { $0.elementsEqual($1) }.count
    guard common > 0 else { return false }
    if common == key.count || common >= depth(of: file) { return true }
    if key.suffix(common).contains(where: TrailRoot.isOne) { return true }
    return common >= 6 && !LocalFiles.isTelling(path[path.count - common - 1])
  }

  /// Whether a folder's name says whose logs it holds.
  private static func isTelling(_ name: ArraySlice<UInt8>) -> Bool {
    AccountID.isOne(name) || OrganizationID.isOne(name) || TrailRoot.isOne(name)
  }
}
