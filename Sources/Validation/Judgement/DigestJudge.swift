import Bytes
import CloudTrail
import Dataset
import Segments

/// Puts each digest together with the digests that name it, checks signatures, and passes what comes
/// of it on to the chains.
///
/// Digests wait on disk, so memory is the sorters'.
struct DigestJudge {
  private enum Kind {
    static let digest: UInt8 = 0
    static let claim: UInt8 = 1
  }

  /// By name: a digest and those that name it as the one before them.
  private let rows: RowSorter
  /// How many digests are checked at once.
  private static let batchSize = 1024

  init(_ rows: RowSorter) {
    self.rows = rows
  }

  /// Adds a digest; gives its place in its chain.
  ///
  /// - Parameters:
  ///   - facts: What it says.
  ///   - depth: How many of the last segments of its path are below the input.
  ///   - isCurrent: Whether the inputs of this validation have it.
  /// - Returns: Its place, in the order of chains and times.
  /// - Throws: `FileError`.
  func add(_ facts: DigestFacts, depth: Int, isCurrent: Bool) throws -> [UInt8] {
    let place = ChainPlace(facts)
    let object = place.object
    var row = RowBuilder(group: Self.group(object.name), kind: Kind.digest)
    row.add(place.bytes)
    row.add(object)
    row.add(facts.path.bytes)
    row.add(Int64(depth))
    row.add(isCurrent)
    row.add(facts.failure)
    row.add(facts.verifiedBy)
    switch facts.signature {
    case nil: row.add(UInt8(0))
    case DigestFacts.SavedSignature.none?: row.add(UInt8(1))
    case .text(let text)?:
      row.add(UInt8(2))
      row.add(text)
    }
    if let document = facts.document { Self.add(document, to: &row) }
    try row.finish(into: rows)
    if let previous = facts.document?.previous {
      var claim = RowBuilder(group: Self.group(previous.object.name), kind: Kind.claim)
      claim.add(place.bytes)
      claim.add(object)
      claim.add(facts.path.bytes)
      claim.add(previous.object)
      claim.add(previous.hash)
      claim.add(previous.signature)
      claim.add(facts.previousVerifiedBy)
      try claim.finish(into: rows)
    }
    return place.bytes
  }

  private static func add(_ document: DigestFacts.Document, to row: inout RowBuilder) {
    row.add(document.hash)
    row.add(document.hasTrailingData)
    row.add(document.start.seconds)
    row.add(document.end.seconds)
    row.add(document.endText)
    row.add(document.fingerprint)
    row.add(document.previous != nil)
    if let previous = document.previous { row.add(previous.object) }
    row.add(document.previousSignature)
    row.add(document.logs.isEmpty)
  }

  /// The name that digests and claims meet by.
  private static func group(_ name: [UInt8]) -> [UInt8] { Array(ObjectKey.stem(name[...])) }

  /// Checks all digests.
  ///
  /// - Parameters:
  ///   - keys: Nil to check hashes and links only.
  ///   - mapping: Spreads the checks over threads.
  ///   - take: Hears of each digest, in no order that means anything, with the places of those that
  ///     name it.
  /// - Throws: What `take` throws; `FileError`; `Stopped`.
  consuming func judge(
    _ keys: PublicKeys?, _ mapping: some ParallelMapping,
    _ take: (DigestCase, DigestCase.Outcome) throws -> Void
  ) throws {
    let groups = try RowGroups(rows.finish())
    var batch: [DigestCase] = []
    func check() throws {
      let outcomes = try mapping.map(batch) { $0.check(keys) }
      for (digest, outcome) in zip(batch, outcomes) { try take(digest, outcome) }
      batch.removeAll(keepingCapacity: true)
    }
    while groups.group != nil {
      batch += Self.cases(try groups.take())
      if batch.count >= Self.batchSize { try check() }
    }
    try check()
  }

  /// The digests of one name, each with what is said of it.
  private static func cases(_ rows: [PackedRow]) -> [DigestCase] {
    var digests: [DigestCase] = []
    var unreadable: [(number: Int, path: Path, depth: Int)] = []
    var claims: [(of: ObjectKey, claim: DigestCase.Claim)] = []
    for var row in rows {
      if row.kind == Kind.claim {
        add(&row, to: &claims)
      } else {
        let (digest, depth) = read(&row)
        if let known = digests.indices.last, digests[known].place == digest.place {
          digests[known].merge(digest)
          continue
        }
        if digest.content == nil {
          unreadable.append((digests.count, digest.paths[0], depth))
        }
        digests.append(digest)
      }
    }
    let byObject = Dictionary(grouping: digests.indices.filter { digests[$0].content != nil }) {
      digests[$0].object.plain
    }
    for (object, claim) in claims {
      if let named = byObject[object.plain] {
        for number in named where digests[number].place != claim.place {
          digests[number].claims.append(claim)
        }
      } else {
        // A digest that cannot be read is known by its place alone.
        for (number, path, depth) in unreadable where object.isPlace(path, depth: depth) {
          digests[number].claims.append(claim)
        }
      }
    }
    return digests
  }

  private static func add(
    _ row: inout PackedRow, to claims: inout [(of: ObjectKey, claim: DigestCase.Claim)]
  ) {
    let (place, successor, path, object) = (row.bytes(), row.object(), row.bytes(), row.object())
    var claim = DigestCase.Claim(
      place: place, successor: successor, hash: row.hash(), signature: row.bytes(),
      verifiedBy: row.optionalText(), paths: [Path(bytes: path)], newPaths: [])
    if claim.verifiedBy == nil { claim.newPaths = claim.paths }
    // Copies of one digest say one thing.
    if let last = claims.indices.last, claims[last].claim.place == place {
      claims[last].claim.paths += claim.paths
      claims[last].claim.newPaths += claim.newPaths
      claims[last].claim.verifiedBy = claims[last].claim.verifiedBy ?? claim.verifiedBy
    } else {
      claims.append((object, claim))
    }
  }

  private static func read(_ row: inout PackedRow) -> (DigestCase, depth: Int) {
    let (place, object, path) = (row.bytes(), row.object(), Path(bytes: row.bytes()))
    let (depth, isCurrent) = (Int(row.number()), row.flag())
    let (failure, verifiedBy) = (row.optionalText(), row.optionalText())
    var saved: [DigestFacts.SavedSignature] = []
    switch row.byte() {
    case 0: break
    case 1: saved = [DigestFacts.SavedSignature.none]
    default: saved = [.text(row.bytes())]
    }
    let digest = DigestCase(
      place: place, chain: ChainID(key: object.key), object: object, paths: [path],
      content: failure == nil ? content(&row) : nil, failure: failure ?? "",
      isMoved: failure == nil && !object.isPlace(path, depth: depth), isCurrent: isCurrent,
      savedSignatures: saved, verifiedBy: verifiedBy, newPaths: verifiedBy == nil ? [path] : [])
    return (digest, depth)
  }

  private static func content(_ row: inout PackedRow) -> DigestCase.Content {
    let (hash, hasTrailingData) = (row.hash(), row.flag())
    let (start, end) = (EventTime(seconds: row.number()), EventTime(seconds: row.number()))
    let (endText, fingerprint) = (row.bytes(), row.text())
    let previous = row.flag() ? row.object() : nil
    return DigestCase.Content(
      hash: hash, hasTrailingData: hasTrailingData, start: start, end: end, endText: endText,
      fingerprint: fingerprint, previous: previous, previousSignature: row.optionalBytes(),
      isEmpty: row.flag())
  }
}

extension DigestCase {
  /// Adds a copy: the same text under the same name.
  fileprivate mutating func merge(_ copy: DigestCase) {
    let isFirst = copy.paths[0] < paths[0]
    paths = isFirst ? copy.paths + paths : paths + copy.paths
    newPaths += copy.newPaths
    // One that is in its place makes the others mere copies.
    isMoved = isMoved && copy.isMoved
    isCurrent = isCurrent || copy.isCurrent
    savedSignatures += copy.savedSignatures.filter { !savedSignatures.contains($0) }
    verifiedBy = verifiedBy ?? copy.verifiedBy
  }
}

/// Where a digest is in the order of chains, and in its chain in that of times.
struct ChainPlace {
  let object: ObjectKey
  let bytes: [UInt8]
  /// How many of the bytes are those of the chain.
  let chainByteCount: Int

  /// - Parameters:
  ///   - facts: What the digest says.
  ///   - unreadableEnd: When one that cannot be read ends, in seconds since 1970; nil puts it first.
  init(_ facts: DigestFacts, unreadableEnd: Int64? = nil) {
    object = facts.document?.object ?? ObjectKey(bucket: [], key: facts.path.bytes)
    let chain = ChainID(key: object.key)
    var place = ByteBuffer(capacity: 256)
    for part in chain.order {
      place.append(utf8: part)
      place.append(0)
    }
    chainByteCount = place.count
    let end = facts.document?.end.seconds ?? unreadableEnd ?? .min
    let biased = UInt64(bitPattern: end) ^ (1 << 63)
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      place.append(UInt8(truncatingIfNeeded: biased >> shift))
    }
    place.append(object.key)
    place.append(0)
    place.append(object.bucket)
    place.append(0)
    if let document = facts.document {
      place.append(document.hasTrailingData ? 1 : 0)
      document.hash.appendHex(to: &place)
    }
    bytes = place.bytes.copied()
  }
}
