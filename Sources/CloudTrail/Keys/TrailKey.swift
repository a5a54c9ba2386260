public import Bytes

/// What the S3 key of a file says, or the path of its copy: folder and name together.
///
/// A name that says what the file is decides that. For the rest the folder comes first, except where
/// it belongs to another service than the file.
public struct TrailKey: Sendable {
  public let folder: TrailFolder?
  public let name: TrailFileName?
  /// The folder, as far as it speaks of this file.
  private let ownFolder: TrailFolder?

  /// - Complexity: O(length of the name). A folder is read once for all its files.
  public init(folder: TrailFolder?, fileName: ArraySlice<UInt8>) {
    self.folder = folder
    name = TrailFileName(fileName)
    if let name, let folder, folder.service.family == nil, folder.service != name.service {
      ownFolder = nil
    } else {
      ownFolder = folder
    }
  }

  /// - Parameter path: An absolute path, or a key.
  public init(_ path: Path) {
    self.init(
      folder: TrailFolder(path.parent.bytes.split(separator: UInt8(ascii: "/"))),
      fileName: path.lastComponent[...])
  }

  /// What the file is; nil where neither tells.
  public var service: TrailService? { name?.service ?? folder?.service }

  public var account: PartitionValue? {
    ownFolder?.account ?? name.map { PartitionValue(Array($0.account).span) }
  }

  public var region: PartitionValue? {
    ownFolder?.region ?? name.map { PartitionValue(Array($0.region).span) }
  }

  /// The day of the delivery.
  public var delivery: Day? { ownFolder?.delivery ?? name?.delivery.day }

  /// The organization's id, `o-…`: no name tells it.
  public var organization: String? { folder?.organization }

  /// When the file was delivered by its name, to the minute; else the day.
  public var deliveryTime: DeliveryTime? {
    if let time = name?.delivery, time.minuteOfDay != nil { return time }
    return delivery.map { DeliveryTime(day: $0) }
  }
}
