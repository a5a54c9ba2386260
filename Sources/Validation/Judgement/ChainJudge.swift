import Bytes
import CloudTrail
import Dataset
import Segments

/// Goes along each chain of digests in time: what comes before and after a digest decides what becomes
/// of it, and what becomes of it decides what the logs are worth that it lists.
///
/// One digest after the other is in memory, and the gaps of one chain.
struct ChainJudge {
  private enum Kind {
    static let digest: UInt8 = 0
    /// The digest that this one names is there; a field says whether it can be read.
    static let linked: UInt8 = 1
    /// This one says something else of a digest than is so.
    static let contradicts: UInt8 = 2
  }

  /// By chain and time.
  private let rows: RowSorter
  /// The log files that digests list, by the same places.
  private let listed: RowSorter
  private let hasKeys: Bool
  private let range: DeliveryRange

  init(_ rows: RowSorter, listed: RowSorter, hasKeys: Bool, _ range: DeliveryRange) {
    (self.rows, self.listed, self.hasKeys, self.range) = (rows, listed, hasKeys, range)
  }

  /// Adds what the checks of a digest gave.
  func add(_ digest: DigestCase, _ outcome: DigestCase.Outcome) throws {
    for claim in digest.claims {
      var row = RowBuilder(group: claim.place, kind: Kind.linked)
      row.add(digest.content != nil)
      try row.finish(into: rows)
    }
    for place in outcome.contradicting {
      try RowBuilder(group: place, kind: Kind.contradicts).finish(into: rows)
    }
    var row = RowBuilder(group: digest.place, kind: Kind.digest)
    row.add(digest.object)
    row.add(digest.paths[0].bytes)
    row.add(digest.isCurrent)
    row.add(outcome.isSigned)
    row.add(outcome.isRefuted)
    row.add(outcome.isKnownUnsigned)
    row.add(outcome.missingKey)
    row.add(outcome.status != nil)
    if let status = outcome.status {
      row.add(status.name)
      row.add(status.reason)
    }
    let names = Set(digest.claims.map(\.successor))
    row.add(names.count > 1)
    row.add(digest.content != nil)
    if let content = digest.content {
      row.add(content.start.seconds)
      row.add(content.end.seconds)
      row.add(content.previous != nil)
      if let previous = content.previous { row.add(previous) }
      row.add(content.isEmpty)
    }
    try row.finish(into: rows)
  }

  /// Adds a log file that a digest lists.
  func add(_ log: DigestFacts.ListedLog, listedAt place: [UInt8]) throws {
    var row = RowBuilder(group: place, kind: 0)
    row.add(log.object)
    row.add(log.hash)
    try row.finish(into: listed)
  }

  /// Judges all chains.
  ///
  /// - Parameters:
  ///   - logs: Is given the log files that digests list which are not proven false.
  ///   - covered: Is given the times that such digests cover.
  ///   - take: Hears of digests and chains, chain by chain.
  /// - Throws: What `take` throws; `FileError`; `Stopped`.
  consuming func judge(
    _ logs: LogJudge, _ covered: inout CoveredTimes, _ take: (ValidationFinding) throws -> Void
  ) throws {
    let digests = try RowGroups(rows.finish())
    let lists = try RowGroups(listed.finish())
    var chain: OneChain?
    while let place = digests.group {
      guard let digest = ChainDigest(try digests.take(), at: place) else { continue }
      if chain?.id != digest.chain {
        try chain?.finish(lists, logs, &covered, take)
        chain = OneChain(digest.chain, hasKeys: hasKeys, range)
      }
      try chain?.add(digest, lists, logs, &covered, take)
    }
    try chain?.finish(lists, logs, &covered, take)
  }

  /// A digest in its chain.
  fileprivate struct ChainDigest {
    var place: ArraySlice<UInt8>
    var chain: ChainID
    var object: ObjectKey
    var path: Path
    var isCurrent: Bool
    var isSigned: Bool
    var isRefuted: Bool
    var isKnownUnsigned: Bool
    var missingKey: String?
    var status: DigestStatus?
    var isFork: Bool
    var contradicts = false
    var isLinked = false
    /// Whether the digest that it names is there, and can be read.
    var isLinkedToText = false
    /// Nil if it cannot be read.
    var link: ChainLink?

    /// Nil for marks about a digest that is not there.
    init?(_ rows: [PackedRow], at place: ArraySlice<UInt8>) {
      guard var row = rows.first, row.kind == Kind.digest else { return nil }
      self.place = place
      object = row.object()
      chain = ChainID(key: object.key)
      path = Path(bytes: row.bytes())
      (isCurrent, isSigned, isRefuted) = (row.flag(), row.flag(), row.flag())
      isKnownUnsigned = row.flag()
      missingKey = row.optionalText()
      if row.flag() { status = DigestStatus(name: row.text(), reason: row.optionalText()) }
      isFork = row.flag()
      for var mark in rows where mark.kind == Kind.linked {
        isLinked = true
        if mark.flag() { isLinkedToText = true }
      }
      contradicts = rows.contains { $0.kind == Kind.contradicts }
      if row.flag() {
        let (start, end) = (EventTime(seconds: row.number()), EventTime(seconds: row.number()))
        let previous = row.flag() ? row.object() : nil
        link = ChainLink(
          object: object, start: start, end: end, previous: previous, isLinked: isLinked,
          isEmpty: row.flag())
      }
    }
  }

  /// The chain that is gone along.
  private struct OneChain {
    let id: ChainID
    private let hasKeys: Bool
    private let range: DeliveryRange
    private var shape: ChainShape
    /// Digests of one name, perhaps the newest.
    private var pending: [ChainDigest] = []
    private var isStartVouched: Bool?

    init(_ id: ChainID, hasKeys: Bool, _ range: DeliveryRange) {
      (self.id, self.hasKeys, self.range) = (id, hasKeys, range)
      shape = ChainShape(id)
    }

    mutating func add(
      _ digest: ChainDigest, _ lists: RowGroups, _ logs: LogJudge, _ covered: inout CoveredTimes,
      _ take: (ValidationFinding) throws -> Void
    ) throws {
      if let last = pending.last, last.object != digest.object {
        try settle(before: digest, lists, logs, &covered, take)
      }
      pending.append(digest)
    }

    /// Ends the chain.
    mutating func finish(
      _ lists: RowGroups, _ logs: LogJudge, _ covered: inout CoveredTimes,
      _ take: (ValidationFinding) throws -> Void
    ) throws {
      try settle(before: nil, lists, logs, &covered, take)
      let missing = shape.compare(with: range, isStartVouched: isStartVouched == true)
      if let missing, let start = shape.report.start {
        try take(.digest(absent(missing, end: start, isCurrent: shape.report.isCurrent)))
      }
      try take(.chain(shape.report))
    }

    private func absent(
      _ object: ObjectKey, start: EventTime? = nil, end: EventTime, isCurrent: Bool
    ) -> DigestFinding {
      DigestFinding(
        object: object, path: nil, chain: id, status: .missing, start: start, end: end,
        isCurrent: isCurrent)
    }

    /// Decides about the digests that wait.
    private mutating func settle(
      before next: ChainDigest?, _ lists: RowGroups, _ logs: LogJudge,
      _ covered: inout CoveredTimes, _ take: (ValidationFinding) throws -> Void
    ) throws {
      for digest in pending { try settle(digest, before: next, lists, logs, &covered, take) }
      pending = []
    }

    private mutating func settle(
      _ digest: ChainDigest, before next: ChainDigest?, _ lists: RowGroups, _ logs: LogJudge,
      _ covered: inout CoveredTimes, _ take: (ValidationFinding) throws -> Void
    ) throws {
      shape.note(isFork: digest.isFork, isCurrent: digest.isCurrent)
      let status = status(of: digest, before: next)
      if let link = digest.link { shape.see(link) }
      var isRefuted = digest.isRefuted
      if case .altered = status, !digest.isSigned { isRefuted = true }
      if let link = digest.link, !isRefuted {
        let step = shape.add(link)
        if let missing = step.missing {
          try take(
            .digest(
              absent(
                missing, start: step.missingStart, end: link.start, isCurrent: digest.isCurrent)))
        }
        if let gap = step.gap {
          try take(.unnamedMissing(id, gap, isCurrent: digest.isCurrent))
        }
        if isStartVouched == nil { isStartVouched = digest.isSigned }
        if !id.isBackfill {
          covered.add(digest.object, link.start, link.end, isVouched: digest.isSigned)
        }
      }
      let isWanted = digest.link.map { range.overlaps($0.start.seconds, $0.end.seconds) } ?? true
      if isWanted {
        try take(
          .digest(
            DigestFinding(
              object: digest.object, path: digest.path, chain: id, status: status,
              start: digest.link?.start, end: digest.link?.end, isCurrent: digest.isCurrent)))
      }
      try lists.skip(before: digest.place)
      while var row = try lists.takeRow(of: digest.place) {
        if isRefuted || !isWanted { continue }
        try logs.add(
          ListedLog(
            object: row.object(), hash: row.hash(), digest: digest.object,
            isSigned: digest.isSigned,
            isCurrent: digest.isCurrent))
      }
    }

    private func status(of digest: ChainDigest, before next: ChainDigest?) -> DigestStatus {
      if let status = digest.status, status.isInvalid { return status }
      if !digest.isSigned {
        if digest.contradicts { return .altered("it does not match the digest before it") }
        if let link = digest.link, shape.startsWithoutPause(link) {
          return .altered("it starts the chain again, and no pause comes before it")
        }
      }
      if let status = digest.status { return status }
      if hasKeys, let reason = digest.missingKey { return .keyNotFound(reason) }
      if next == nil {
        return hasKeys && digest.isKnownUnsigned
          ? .altered("signature verification failed: its object has none") : .newest
      }
      return hasKeys && !isSigned(byAbsent: next, digest) ? .unvouched : .unsigned
    }

    /// Whether the signature of a digest is in one between it and the next that is absent, or cannot be
    /// read: that one is invalid, and says enough.
    private func isSigned(byAbsent next: ChainDigest?, _ digest: ChainDigest) -> Bool {
      guard let later = next?.link, let end = digest.link?.end else { return false }
      return later.previous != nil && next?.isLinkedToText == false && end < later.start
    }
  }
}

extension DigestStatus {
  /// Reads a status's name and reason back.
  fileprivate init?(name: String, reason: String?) {
    switch DigestVerdict(rawValue: name) {
    case .valid?: self = .valid
    case .linked?: self = .linked
    case .unsigned?: self = .unsigned
    case .newest?: self = .newest
    case .unvouched?: self = .unvouched
    case .altered?: self = .altered(reason ?? "")
    case .missing?: self = .missing
    case .moved?: self = .moved
    case .keyNotFound?: self = .keyNotFound(reason ?? "")
    case .invalidFormat?: self = .invalidFormat(reason ?? "")
    case nil: return nil
    }
  }
}
