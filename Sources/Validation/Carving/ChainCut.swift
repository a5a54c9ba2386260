import Bytes
import CloudTrail
import Dataset
import Segments

/// Cuts the digests of a part out of the chains: a span of each.
///
/// A digest is wanted if it lists a file of the part, or covers a time of the part's days or of the
/// delivery of one of its files. The span goes from the first of them to the one that follows the last,
/// which has its signature. Where the days begin before the first, the digest before it is there too: it
/// shows what is missing between.
struct ChainCut {
  private enum Kind {
    /// When a file of the part was delivered, for an account and region.
    static let time: UInt8 = 0
    /// A digest lists a file of the part.
    static let mark: UInt8 = 1
    static let digest: UInt8 = 2
  }

  private let isSelected: (String) -> Bool
  private let days: Range<Int64>
  /// By account and region, chain and time.
  private let rows: RowSorter
  /// Files that the part has no records of, by the places of the digests that list them.
  private let listed: RowSorter
  private let spans: RowSorter
  private let kept: RowSorter

  init(
    _ isSelected: @escaping (String) -> Bool, _ days: Range<Int64>, _ rows: RowSorter,
    listed: RowSorter, spans: RowSorter, kept: RowSorter
  ) {
    (self.isSelected, self.days, self.rows) = (isSelected, days, rows)
    (self.listed, self.spans, self.kept) = (listed, spans, kept)
  }

  // MARK: Adding

  /// Adds a digest; gives its place.
  func add(_ digest: DigestFacts) throws -> [UInt8] {
    // What cannot be read has the time of its name.
    let named = TrailKey(digest.path).deliveryTime?.seconds
    let place = ChainPlace(digest, unreadableEnd: named?.lowerBound)
    let chain = ChainID(key: place.object.key)
    let start = ChainCut.start(chain.account, chain.region)
    var row = RowBuilder(group: start + [1] + place.bytes, kind: Kind.digest)
    row.add(Int64(start.count + 1 + place.chainByteCount))
    row.add(isSelected(chain.account))
    row.add(place.object)
    row.add(digest.path.bytes)
    row.add(digest.document != nil)
    row.add(digest.document?.start.seconds ?? named?.lowerBound ?? .min)
    row.add(digest.document?.end.seconds ?? named?.upperBound ?? .min)
    try row.finish(into: rows)
    return start + [1] + place.bytes
  }

  /// Adds when a file of the part was delivered.
  func add(taken path: Path) throws {
    let key = TrailKey(path)
    guard let account = key.account, let region = key.region,
      let delivered = key.deliveryTime?.seconds
    else { return }
    let start = ChainCut.start(account.decoded.span.text(), region.decoded.span.text())
    var row = RowBuilder(group: start + [0], kind: Kind.time)
    row.add(delivered.lowerBound)
    row.add(delivered.upperBound)
    try row.finish(into: rows)
  }

  /// Notes that the digest at a place lists a file of the part.
  func mark(_ place: [UInt8]) throws {
    try RowBuilder(group: place, kind: Kind.mark).finish(into: rows)
  }

  /// Adds a file that the digest at a place lists, and of which the part has no records.
  func add(file path: Path, listedAt place: [UInt8]) throws {
    var row = RowBuilder(group: place, kind: 0)
    row.add(path.bytes)
    try row.finish(into: listed)
  }

  /// What the rows of an account and region begin with.
  private static func start(_ account: String, _ region: String) -> [UInt8] {
    Array(account.utf8) + [0] + Array(region.utf8) + [0]
  }

  // MARK: Cutting

  consuming func finish(_ take: (Path) throws -> Void) throws -> KeptDigests {
    let sorted = try rows.finish()
    try findSpans(RowGroups(sorted))
    try sorted.rewind()
    let (spans, files) = try (RowGroups(spans.finish()), RowGroups(listed.finish()))
    let groups = try RowGroups(sorted)
    var (chain, span): (ArraySlice<UInt8>, ClosedRange<Place>?) = ([], nil)
    while let place = groups.group {
      guard let digest = try Digest.next(in: groups) else { continue }
      if digest.chain != chain {
        chain = digest.chain
        try spans.skip(before: chain)
        span = try spans.takeRow(of: chain).map { row in
          var row = row
          return Place(bytes: row.bytes())...Place(bytes: row.bytes())
        }
      }
      guard span?.contains(Place(bytes: Array(place))) == true else { continue }
      for path in digest.paths { try KeptDigests.row(path).withBytes { try kept.append($0) } }
      try files.skip(before: place)
      while var file = try files.takeRow(of: place) { try take(Path(bytes: file.bytes())) }
    }
    return try KeptDigests(kept.finish())
  }

  private func findSpans(_ groups: RowGroups) throws {
    var delivered: (start: ArraySlice<UInt8>, times: Range<Int64>)?
    var (chain, span): (ArraySlice<UInt8>, ChainSpan?) = ([], nil)
    while let place = groups.group {
      if let times = try ChainCut.times(in: groups) {
        delivered = (place.dropLast(), times)
        continue
      }
      guard let digest = try Digest.next(in: groups) else { continue }
      if digest.chain != chain {
        try span?.finish(chain, into: spans)
        chain = digest.chain
        let ofFiles = delivered.flatMap { chain.starts(with: $0.start) ? $0.times : nil }
        span = ChainSpan(digest.isSelected ? days : nil, ofFiles)
      }
      span?.add(digest)
    }
    try span?.finish(chain, into: spans)
  }

  /// From when to when files of the part were delivered, if that is what comes next.
  private static func times(in groups: RowGroups) throws -> Range<Int64>? {
    guard let place = groups.group else { return nil }
    var times: Range<Int64>?
    while var row = try groups.takeRow(of: place, kind: Kind.time) {
      let (start, end) = (row.number(), row.number())
      times = min(times?.lowerBound ?? start, start)..<max(times?.upperBound ?? end, end)
    }
    return times
  }

  /// Where a digest is, compared as rows are.
  private struct Place: Comparable {
    var bytes: [UInt8]

    static func < (left: Place, right: Place) -> Bool {
      left.bytes.span.compare(to: right.bytes.span) < 0
    }
  }

  /// A digest with its copies.
  fileprivate struct Digest {
    let place: [UInt8]
    let chain: ArraySlice<UInt8>
    let isSelected: Bool
    let object: ObjectKey
    private(set) var paths: [Path]
    let isReadable: Bool
    let start: Int64
    let end: Int64
    private(set) var isMarked: Bool

    /// Takes the rows of the next place; nil if no digest is there.
    static func next(in groups: RowGroups) throws -> Digest? {
      guard let place = groups.group else { return nil }
      var isMarked = false
      var digest: Digest?
      while let row = try groups.takeRow(of: place) {
        guard row.kind == Kind.digest else {
          isMarked = true
          continue
        }
        let copy = Digest(row, at: place)
        if digest == nil { digest = copy } else { digest?.paths += copy.paths }
      }
      digest?.isMarked = isMarked
      return digest
    }

    private init(_ row: PackedRow, at place: ArraySlice<UInt8>) {
      var row = row
      self.place = Array(place)
      chain = self.place.prefix(Int(row.number()))
      (isSelected, object, paths) = (row.flag(), row.object(), [Path(bytes: row.bytes())])
      (isReadable, start, end) = (row.flag(), row.number(), row.number())
      isMarked = false
    }
  }
}

/// From which to which digest a part has a chain; to be given the digests in time.
private struct ChainSpan {
  /// The delivery times that the part asks for; nil for none.
  private let times: Range<Int64>?
  private var before: ChainCut.Digest?
  private var first: ChainCut.Digest?
  private var last: ChainCut.Digest?
  private var after: ChainCut.Digest?

  init(_ days: Range<Int64>?, _ ofFiles: Range<Int64>?) {
    guard let days, let ofFiles else {
      times = days ?? ofFiles
      return
    }
    times = min(days.lowerBound, ofFiles.lowerBound)..<max(days.upperBound, ofFiles.upperBound)
  }

  mutating func add(_ digest: ChainCut.Digest) {
    if digest.isMarked || isInTime(digest) {
      first = first ?? digest
      (last, after) = (digest, nil)
    } else if !digest.isReadable {
      return
    } else if let last {
      if after == nil, digest.object != last.object { after = digest }
    } else if let times {
      if digest.end <= times.lowerBound {
        before = digest
      } else {
        after = after ?? digest
      }
    }
  }

  private func isInTime(_ digest: ChainCut.Digest) -> Bool {
    times.map { digest.end > $0.lowerBound && digest.start < $0.upperBound } ?? false
  }

  /// Ends the chain.
  func finish(_ chain: ArraySlice<UInt8>, into spans: RowSorter) throws {
    guard let (lower, upper) = bounds else { return }
    var row = RowBuilder(group: Array(chain), kind: 0)
    row.add(lower.place)
    row.add(upper.place)
    try row.finish(into: spans)
  }

  private var bounds: (ChainCut.Digest, ChainCut.Digest)? {
    guard let first, let last else {
      // Nothing is there between them, which is what they show.
      return before.flatMap { before in after.map { (before, $0) } }
    }
    let beginsLate = times.map { first.start > $0.lowerBound } ?? false
    return (beginsLate ? before ?? first : first, after ?? last)
  }
}
