public import Bytes
public import CloudTrail
public import Listing

/// Which objects of a bucket a run would read if they were in its input, by their keys.
///
/// What only a file's content tells is left to the run; but of files that CloudTrail did not write, those
/// whose names do not promise text are left out, since a bucket may hold anything.
public struct KeyFilter {
  private let families: Set<Family>
  private let filter: FileFilter
  private let shard: Shard?
  /// The folder that was asked for last, and what it says.
  private var known: (path: Path, folder: TrailFolder?)?

  /// - Parameters:
  ///   - families: Those that are read.
  ///   - filter: What the job selects.
  ///   - shard: The part of the files that is wanted; nil for all.
  public init(families: Set<Family>, filter: FileFilter, shard: Shard?) {
    (self.families, self.filter, self.shard) = (families, filter, shard)
  }

  /// What the path of a file tells, if it would be read as a log.
  ///
  /// - Parameters:
  ///   - name: The file's.
  ///   - folder: Where it would be.
  /// - Returns: Nil for what is not read.
  /// - Complexity: O(length of the name) for another file of the folder before.
  public mutating func factsOfLog(_ name: ArraySlice<UInt8>, in folder: ListedFolder) -> PathFacts?
  {
    let trail = trailFolder(of: folder)
    let facts = PathFacts(folder: trail, fileName: name)
    guard facts.reasonToSkip(in: trail, reading: families) == nil, filter.takes(facts),
      shard?.takes(facts, name, in: folder.source) != false
    else { return nil }
    switch facts.kind {
    case .log, .loose: return facts
    case .skipped: return nil
    case .unnamed:
      let isOfTrail =
        trail?.service.family != nil || TrailFileName(name)?.service.family != nil
      return isOfTrail || LogName.isOne(name) ? facts : nil
    }
  }

  /// Whether a file would be read as a digest.
  ///
  /// `source`: What reports would call it.
  public func takesDigest(_ source: Path) -> Bool {
    guard TrailService.claimed(by: source) == .digest else { return false }
    return filter.takes(PathFacts(ofFileAt: source))
  }

  private mutating func trailFolder(of folder: ListedFolder) -> TrailFolder? {
    if let known, known.path == folder.path { return known.folder }
    let segments = folder.path.bytes.split(separator: ASCII.slash)
    let trail = TrailFolder(segments, inputDepth: segments.count - folder.depth)
    known = (folder.path, trail)
    return trail
  }
}

/// Names that promise lines of a log.
private enum LogName {
  static func isOne(_ name: ArraySlice<UInt8>) -> Bool {
    [".log", ".log.gz"].contains { ending in
      name.count > ending.utf8.count && name.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }
  }
}
