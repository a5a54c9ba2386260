public import Bytes
public import CloudTrail
public import Listing

/// What was found below the inputs.
public struct Discovery: Sendable {
  /// The files to be read, or read before, in reading order.
  public var list = FileList()
  /// What is not read, by the name of why: files, links that are not followed, and folders of
  /// datasets.
  public var skipped: [String: Int] = [:]
  /// Folders that could not be listed and files that could not be looked at.
  public var failures: [ReadFailure] = []

  /// All regular files found, whatever became of them.
  public var foundCount: Int {
    list.files.count + skipped.values.reduce(0, +) + failures.count
  }
}

/// Finds every regular file below folders, and files named one by one, and says what each is.
///
/// - Parameters:
///   - inputs: Apart from one another.
///   - families: Log files of other families are skipped by name.
///   - dataset: The job's dataset; it need not be there.
///   - mapping: Lists folders.
///   - log: Hears what is not read, and why.
/// - Returns: The files in reading order, and what became of the others.
/// - Throws: As `discover(in:families:mapping:log:)`.
public func discover(
  _ inputs: [InputRoot], families: Set<Family>, dataset: Path? = nil,
  mapping: some ParallelMapping = SequentialMapping(), log: DetailLog = .off
) throws -> Discovery {
  try discover(
    in: FolderSource(inputs, dataset: dataset), families: families, mapping: mapping, log: log)
}

/// Says of every file of a source what it is, and which are to be read.
///
/// - Parameters:
///   - source: Where the files come from.
///   - families: Log files of other families are skipped by name.
///   - mapping: Lists files.
///   - log: Hears what is not read, and why.
/// - Returns: The files in reading order, and what became of the others.
/// - Throws: `FileError` when an input is not there or cannot be opened; `Stopped` when a signal asks
///   to stop.
/// - Complexity: O(files).
public func discover(
  in source: some InputSource, families: Set<Family>,
  mapping: some ParallelMapping = SequentialMapping(), log: DetailLog = .off
) throws -> Discovery {
  var finder = Finder(families: families, log: log)
  try source.list(mapping) { finder.take($0) }
  try finder.discovery.list.sortForReading()
  return finder.discovery
}

/// Chooses the files to read from what a source has.
private struct Finder {
  let families: Set<Family>
  let log: DetailLog
  var discovery = Discovery()

  mutating func take(_ listed: Listed) {
    switch listed {
    case .skipped(let reason, let source): skip(reason.rawValue, source)
    case .failed(let error, let source):
      discovery.failures.append(ReadFailure(source, offset: nil, error.description))
    case .files(let files):
      var number: UInt32?
      let segments = files.folder.path.bytes.split(separator: UInt8(ascii: "/"))
      let depth = files.isNamed ? 0 : segments.count - files.folder.depth
      let folder = TrailFolder(segments, inputDepth: depth)
      for file in files.files {
        guard let facts = facts(of: file, in: files, folder) else { continue }
        let known = number ?? discovery.list.add(files.folder)
        number = known
        discovery.list.add(file, folder: known, label: facts)
      }
    }
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
    switch facts.kind {
    case .skipped(let reason): return reason
    case .log(let family): return families.contains(family) ? nil : family.folderName
    case .loose: return nil
    case .unnamed:
      if let family = folder?.service.family, !families.contains(family) {
        return family.folderName
      }
      return isEventHistory(file, in: listed) ? EventHistoryCSV.name : nil
    }
  }

  private func isEventHistory(_ file: ListedFile, in listed: ListedFiles) -> Bool {
    EventHistoryCSV.isOne(listed.folder.path, file.name)
  }

  /// Counts what is not read under the name of why.
  private mutating func skip(_ reason: String, _ source: @autoclosure () -> Path) {
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
