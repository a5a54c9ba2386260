public import Bytes
import CloudTrail
public import Dataset
public import Listing
import Segments

/// What a validation may use besides the input files.
public struct ValidationOptions: Sendable {
  /// Without keys, hashes and links are checked only.
  public var keys: PublicKeys?
  public var signatures = Signatures()
  /// The delivery times that are asked for.
  public var range = DeliveryRange()

  public init(keys: PublicKeys? = nil, signatures: Signatures = Signatures()) {
    self.keys = keys
    self.signatures = signatures
  }

  /// Loads keys and signatures.
  ///
  /// - Parameters:
  ///   - publicKeys: What `aws cloudtrail list-public-keys` printed, once for each region; none for
  ///     hashes and links only.
  ///   - signatures: Saved signatures.
  /// - Throws: When a file is missing or not what it should be, in words for a person.
  public init(publicKeys: [Path], signatures: Path?) throws {
    if !publicKeys.isEmpty { keys = try PublicKeys(files: publicKeys) }
    if let signatures { self.signatures = try Signatures(file: signatures) }
  }

  /// What is wrong with single entries of these files, in words for a person.
  public var problems: [String] { (keys?.problems ?? []) + signatures.problems }
}

/// Memory and temporary files for what does not fit it.
public struct ValidationResources: Sendable {
  /// Bytes for facts that wait.
  public var memory: Int
  /// Gives the name that a temporary file has for a moment.
  public var scratch: @Sendable () throws -> Path

  public init(memory: Int, scratch: @escaping @Sendable () throws -> Path) {
    (self.memory, self.scratch) = (memory, scratch)
  }
}

/// The inputs that are inside no other one, as a source.
///
/// - Throws: `FileError` when an input is not there.
public func validationSource(_ inputs: [Path]) throws -> FolderSource {
  let places = try Set(inputs.map { try FileSystem.place(ofInput: $0) })
  let apart = places.filter { place in
    !places.contains { $0 != place && place.isAt(orBelow: $0) }
  }
  return FolderSource(apart.sorted().map { InputRoot(path: $0, source: $0) })
}

/// Checks the digest chains and the log files of a source; the network is not used.
///
/// Only files that the source lists are opened, whatever the digests name.
///
/// - Parameters:
///   - source: Where the files come from.
///   - options: Keys and saved signatures.
///   - resources: Memory and temporary files.
///   - mapping: Spreads listing, reading, hashing and checking of signatures over threads.
///   - progress: Hears how far it is, from any thread.
///   - take: Hears what became of every digest and log file.
/// - Throws: `FileError` when an input is not there or cannot be listed, or the disk is full;
///   `Stopped` when a signal asks to stop; what `take` throws. What is wrong with files below an input
///   is a finding.
/// - Complexity: O(bytes of digests and listed logs); in bounded memory.
public func validate(
  in source: some InputSource, options: ValidationOptions, _ resources: ValidationResources,
  mapping: some ParallelMapping, progress: @Sendable (ValidationStep) -> Void = { _ in },
  _ take: (ValidationFinding) throws -> Void
) throws {
  let judge = EvidenceJudge(
    keys: options.keys, range: options.range, memory: resources.memory,
    scratch: resources.scratch)
  var reader = DigestReader(options.signatures, called: \.path)
  try source.list(mapping) { listed in
    switch listed {
    case .files(let files):
      try reader.take(
        files, mapping, progress,
        log: { try judge.add(LogFile(path: $0, depth: $1, content: .unread)) },
        digest: { try judge.add($0, depth: $1, isCurrent: true) })
    case .skipped(.link, let link): try take(.skippedLink(link))
    case .skipped: break
    case .failed(let error, _, _):
      try take(.unreadableFolder(UnreadableFolder(path: error.path, reason: error.reason)))
    }
  }
  try reader.finish(mapping, progress) { try judge.add($0, depth: $1, isCurrent: true) }
  _ = try judge.judge(mapping: mapping, progress: progress, take)
}

/// Reads the digests of a listing, some at a time.
public struct DigestReader {
  private struct Waiting: Sendable {
    var file: Path
    var path: Path
    var depth: Int
  }

  private let signatures: Signatures
  private let name: @Sendable (ListedFolder) -> Path
  private var waiting: [Waiting] = []
  private var waitingByteCount = 0

  /// The length of the texts of digests that are read at once, in bytes; one that does not fit it is read
  /// alone.
  private static let textLimit = 4 << 20
  private static let countLimit = 256
  /// Bytes as stored of the digests that are read at once.
  private static let byteLimit = 1 << 20

  /// - Parameters:
  ///   - signatures: Saved ones.
  ///   - name: Whether files are called by their paths or their sources.
  public init(_ signatures: Signatures, called name: @escaping @Sendable (ListedFolder) -> Path) {
    (self.signatures, self.name) = (signatures, name)
  }

  /// Takes files of one folder.
  ///
  /// - Parameters:
  ///   - listed: The files; unfinished copies are passed over.
  ///   - mapping: Spreads reading over threads.
  ///   - progress: Hears how far it is.
  ///   - log: Hears of log files, by what they are called and how deep they are below their input.
  ///   - digest: Hears of digests likewise, once they are read.
  /// - Throws: What `log` and `digest` throw; `Stopped`.
  public mutating func take(
    _ listed: ListedFiles, _ mapping: some ParallelMapping,
    _ progress: @Sendable (ValidationStep) -> Void,
    log: (Path, Int) throws -> Void, digest: (DigestFacts, Int) throws -> Void
  ) throws {
    let claimed = TrailService.claimed(byFolder: listed.folder.path)
    let depth = listed.folder.depth + 1
    for file in listed.files {
      switch TrailService.claimed(byFileName: file.name[...], in: claimed) {
      case .digest?:
        if waiting.count >= Self.countLimit || waitingByteCount + file.byteCount > Self.byteLimit {
          try finish(mapping, progress, digest)
        }
        waiting.append(
          Waiting(
            file: listed.folder.path.appending(file.name),
            path: name(listed.folder).appending(file.name), depth: depth))
        waitingByteCount += file.byteCount
      case .log?:
        if !listed.isNamed, TrailFileName(file.name[...])?.isPartial == true { continue }
        try log(name(listed.folder).appending(file.name), depth)
      default: break
      }
    }
  }

  /// Reads the digests that wait.
  public mutating func finish(
    _ mapping: some ParallelMapping, _ progress: @Sendable (ValidationStep) -> Void,
    _ digest: (DigestFacts, Int) throws -> Void
  ) throws {
    if waiting.isEmpty { return }
    progress(.expected(fileCount: waiting.count))
    let room = TextRoom(Self.textLimit)
    let read = try mapping.map(waiting) { item in
      DigestFacts(readingFileAt: item.file, path: item.path, sharing: room)
    }
    for (item, facts) in zip(waiting, read) {
      guard
        var facts = facts
          ?? DigestFacts(readingFileAt: item.file, path: item.path, sharing: TextRoom(.max))
      else { continue }
      facts.signature = facts.document.flatMap { signatures.signature(of: $0.object) }
      try digest(facts, item.depth)
      progress(.checked(fileCount: 1))
    }
    waiting.removeAll(keepingCapacity: true)
    waitingByteCount = 0
  }
}
