import Bytes
import CloudTrail
public import Listing

/// Tells which files of one folder are of a part, by their names.
///
/// Neighbours mostly have one account, region and day, and so they are of one part.
struct ShardFolder {
  private let shard: Shard
  private let folder: ListedFolder
  private lazy var trail = TrailFolder(of: folder)
  /// The log that was asked for last, by its name.
  private var last: (file: TrailFileName, isTaken: Bool)?

  init(_ shard: Shard, _ folder: ListedFolder) {
    (self.shard, self.folder) = (shard, folder)
  }

  /// Whether a file is of the part.
  mutating func takes(_ name: [UInt8]) -> Bool {
    guard let file = TrailFileName(name[...]), case .log = PathFacts.Kind(file) else {
      let facts = PathFacts(folder: trail, fileName: name[...])
      return shard.takes(facts, name[...], in: folder.source)
    }
    if let last, last.file.delivery.day == file.delivery.day, last.file.account == file.account,
      last.file.region == file.region
    {
      return last.isTaken
    }
    let isTaken = shard.takes(file)
    last = (file, isTaken)
    return isTaken
  }
}

extension Shard {
  /// Tells of a folder which of its files are of this part.
  public var names: WantedNames {
    { folder in
      var names = ShardFolder(self, folder)
      return { names.takes($0) }
    }
  }
}

extension TrailFolder {
  /// What the place of a listed folder says; nil if it is none of an AWS service.
  ///
  /// `isNamed`: Whether the user named a file in it: all of its path is then the file's.
  init?(of folder: ListedFolder, isNamed: Bool = false) {
    let segments = folder.path.bytes.split(separator: ASCII.slash)
    self.init(segments, inputDepth: isNamed ? 0 : segments.count - folder.depth)
  }
}
