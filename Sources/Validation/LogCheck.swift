import Bytes

/// Compares log files with the hashes that digests list.
struct LogCheck {
  /// What one digest says of one local file.
  private struct Listing {
    var file: Int
    var node: Int
    /// The log's place in the digest's list.
    var log: Int
  }

  private let files: LocalFiles
  private let digests: DigestSet
  private var listings: [Listing] = []
  private(set) var findings: [LogFinding] = []

  init(_ files: LocalFiles, _ digests: DigestSet) throws {
    self.files = files
    self.digests = digests
    try resolve()
  }

  /// Finds the local files of all listed logs, and those that are not there.
  private mutating func resolve() throws {
    var absent: Set<ObjectKey> = []
    for (_, members) in digests.chains {
      for node in members {
        try StopSignal.check()
        guard let digest = digests.nodes[node].digest else { continue }
        for (number, log) in digest.logs.enumerated() {
          let copies = files.copies(of: log.object)
          listings += copies.map { Listing(file: $0, node: node, log: number) }
          if copies.isEmpty, absent.insert(log.object).inserted {
            findings.append(finding(of: log, in: node, path: nil, .missing))
          }
        }
      }
    }
    listings.sort { ($0.file, $0.node) < ($1.file, $1.node) }
  }

  private func finding(
    of log: Digest.ListedLog, in node: Int, path: Path?, _ status: LogStatus
  ) -> LogFinding {
    LogFinding(
      object: log.object, path: path, digest: digests.nodes[node].object,
      chain: digests.nodes[node].chain, status: status)
  }

  /// Hashes what is not known yet, compares, and adds the files that no digest lists.
  mutating func run(
    known: (Path) -> FileContent?, mapping: some ParallelMapping,
    progress: @Sendable (ValidationStep) -> Void
  ) throws {
    progress(.expected(fileCount: listings.count))
    var start = 0
    // In rounds, so that results wait for a few thousand files only.
    while start < listings.count {
      var end = min(start + 4096, listings.count)
      while end < listings.count, listings[end].file == listings[end - 1].file { end += 1 }
      try compare(listings[start..<end], known, mapping, progress)
      start = end
    }
    let listed = Set(listings.map(\.file))
    let covered = CoveredTimes(digests)
    for file in 0..<files.count where files.isLog(file) && !listed.contains(file) {
      let path = files.path(of: file)
      findings.append(LogFinding(path: path, status: .noDigest(covered.coverage(of: path))))
    }
  }

  private mutating func compare(
    _ round: ArraySlice<Listing>, _ known: (Path) -> FileContent?, _ mapping: some ParallelMapping,
    _ progress: @Sendable (ValidationStep) -> Void
  ) throws {
    var paths: [Int: Path] = [:]
    for listing in round { paths[listing.file] = files.path(of: listing.file) }
    var contents: [Path: Result<FileContent, any Error>] = [:]
    var unknown: [Path] = []
    for path in paths.values {
      if let content = known(path) {
        contents[path] = .success(content)
      } else {
        unknown.append(path)
      }
    }
    unknown.sort()
    progress(.checked(fileCount: round.count - unknown.count))
    let read = try mapping.map(unknown) { path in
      defer { progress(.checked(fileCount: 1)) }
      return Result<FileContent, any Error> { try FileContent(of: path) }
    }
    for (path, content) in zip(unknown, read) { contents[path] = content }
    var position = round.startIndex
    while position < round.endIndex {
      let file = round[position].file
      let end = round[position...].firstIndex { $0.file != file } ?? round.endIndex
      if let path = paths[file], let content = contents[path] {
        findings.append(compare(round[position..<end], path, content))
      }
      position = end
    }
  }

  /// Compares one file with all digests that list it; the gravest outcome counts.
  private func compare(
    _ listings: ArraySlice<Listing>, _ path: Path, _ content: Result<FileContent, any Error>
  ) -> LogFinding {
    let findings = listings.compactMap { listing -> LogFinding? in
      guard let log = digests.nodes[listing.node].digest?.logs[listing.log] else { return nil }
      let isSigned = digests.verdicts[listing.node].isSigned
      return finding(
        of: log, in: listing.node, path: path,
        LogCheck.status(of: content, expected: log.hash, isSigned: isSigned))
    }
    return findings.first { $0.status.isInvalid } ?? findings.first { $0.status == .verified }
      ?? findings[0]
  }

  private static func status(
    of content: Result<FileContent, any Error>, expected: SHA256Digest, isSigned: Bool
  ) -> LogStatus {
    switch content {
    case .failure(let error): .mismatch(reason(for: error))
    case .success(let content) where content.hash != expected: .mismatch("hash value doesn't match")
    case .success(let content) where content.hasTrailingData:
      .mismatch("data after the end of the gzip member")
    case .success: isSigned ? .verified : .hashOK
    }
  }
}
