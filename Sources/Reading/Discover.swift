public import Bytes
public import CloudTrail
public import Listing
public import Segments

/// What a listing came to, beside the files that may be read.
public struct Discovery: Sendable {
  /// The files that may be read.
  public var fileCount = 0
  /// What is not read, by the name of why: files, links that are not followed, and folders of
  /// datasets.
  public var skipped: [String: Int] = [:]
  /// Folders that could not be listed and files that could not be looked at.
  public var failures = FirstElements<ReadFailure>()

  /// All regular files found, whatever became of them.
  public var foundCount: Int { fileCount + skipped.values.reduce(0, +) + failures.count }
}

/// Says of every file of a source what it is, and hands over those that may be read.
///
/// - Parameters:
///   - source: Where the files come from: in byte order of their sources.
///   - families: Log files of other families are skipped by name.
///   - shard: The part of the files that is wanted; others do not count at all. Nil for all.
///   - sources: Gives the files their numbers.
///   - mapping: Lists files.
///   - log: Hears what is not read, and why.
///   - take: Is given the files, in the order of the source.
/// - Returns: What became of the others.
/// - Throws: `FileError` when an input is not there or cannot be opened; `Stopped` when a signal asks
///   to stop; what `take` throws.
/// - Complexity: O(files).
public func discover(
  in source: some InputSource, families: Set<Family>, shard: Shard? = nil, sources: SourceTable,
  mapping: some ParallelMapping = SequentialMapping(), log: DetailLog = .off,
  _ take: (FileGroup) throws -> Void
) throws -> Discovery {
  var finder = Finder(families: families, shard: shard, log: log)
  try source.list(mapping) { listed in
    switch listed {
    case .skipped(let reason, let source):
      if shard?.takes(source.parent) != false { finder.skip(reason.rawValue, source) }
    case .failed(let error, let source, let folder):
      guard finder.takes(source, of: folder) else { break }
      finder.discovery.failures.add(ReadFailure(source, offset: nil, error.description))
    case .files(let files):
      try finder.forEachGroup(of: files) { facts, group in
        let names = group.map(\.name)
        var number = try sources.add(names, in: files.folder.source, delivery: facts.delivery)
        let numbered = group.map { file in
          defer { number += 1 }
          return FileGroup.File(file, number: number)
        }
        try take(FileGroup(folder: files.folder, facts: facts, files: numbered))
      }
    }
  }
  return finder.discovery
}

/// Chooses the files to read from what a source has.
private struct Finder {
  let families: Set<Family>
  let shard: Shard?
  let log: DetailLog
  var discovery = Discovery()

  /// Whether what could not be looked at is of the part.
  ///
  /// `folder`: The one that lists it, if it has no other listing: a shard looks at none but its own files.
  func takes(_ source: Path, of folder: ListedFolder?) -> Bool {
    guard let shard else { return true }
    guard let folder else { return shard.takes(source.parent) }
    var names = ShardFolder(shard, folder)
    return names.takes(source.lastComponent)
  }

  /// Passes the files of a folder that may be read, those together of which the same is known.
  mutating func forEachGroup(
    of listed: ListedFiles, _ body: (PathFacts, ArraySlice<ListedFile>) throws -> Void
  ) throws {
    let folder = TrailFolder(of: listed.folder, isNamed: listed.isNamed)
    var names = shard.map { ShardFolder($0, listed.folder) }
    var group: (facts: PathFacts, start: Int)?
    for (place, file) in listed.files.enumerated() {
      let isTaken = names?.takes(file.name) ?? true
      let facts = isTaken ? facts(of: file, in: listed, folder) : nil
      if let known = group, known.facts != facts || place - known.start == FileGroup.limit {
        try body(known.facts, listed.files[known.start..<place])
        group = nil
      }
      if group == nil, let facts { group = (facts, place) }
      if facts != nil { discovery.fileCount += 1 }
    }
    if let group { try body(group.facts, listed.files[group.start...]) }
  }

  /// What a file is; nil if it is not to be read.
  private mutating func facts(
    of file: ListedFile, in listed: ListedFiles, _ folder: TrailFolder?
  ) -> PathFacts? {
    var facts = PathFacts(folder: folder, fileName: file.name[...])
    let reason: String?
    if listed.isNamed {
      facts = facts.readAnyway
      reason = isEventHistory(file, in: listed) ? EventHistoryCSV.name : nil
    } else {
      reason = reasonToSkip(file, in: listed, folder, facts)
    }
    guard let reason else { return facts }
    skip(reason, listed.folder.source.appending(file.name))
    return nil
  }

  private func reasonToSkip(
    _ file: ListedFile, in listed: ListedFiles, _ folder: TrailFolder?, _ facts: PathFacts
  ) -> String? {
    if let reason = facts.reasonToSkip(in: folder, reading: families) { return reason }
    return facts.kind == .unnamed && isEventHistory(file, in: listed) ? EventHistoryCSV.name : nil
  }

  private func isEventHistory(_ file: ListedFile, in listed: ListedFiles) -> Bool {
    EventHistoryCSV.isOne(listed.folder.path, file.name)
  }

  /// Counts what is not read under the name of why.
  mutating func skip(_ reason: String, _ source: @autoclosure () -> Path) {
    discovery.skipped[reason, default: 0] += 1
    log.note("skipped \(printable(source())): \(reason)")
  }
}

extension PathFacts {
  /// The facts of a file that is read whatever its name.
  fileprivate var readAnyway: PathFacts {
    var facts = self
    switch kind {
    case .log, .loose: return self
    case .unnamed: facts.kind = .loose
    case .skipped: facts = PathFacts(.loose)
    }
    return facts
  }
}
