public import Bytes

/// What a dataset is a part of: pieces of one whole, which a merge joins again.
public struct DatasetPart: Hashable, Sendable {
  /// What made the piece.
  public enum Kind: String, Sendable {
    /// A run of some of the files.
    case shard
    /// A cut through a dataset.
    case split
  }

  public var kind: Kind
  /// What it is a part of: of a shard the hash of what the job selects from which inputs, of a piece that was cut off
  /// the hash of the whole's manifest.
  public var whole: SHA256Digest
  /// How many pieces there are; 0 for one that was carved out, and that nothing makes whole but the
  /// whole itself.
  public var count: Int
  /// Which of the pieces these are, from 1 on, in order.
  public var numbers: [Int]
  /// The number of pieces that the cut was asked for, which decides where it is; nil if that was not noted,
  /// or the whole was not cut into pieces.
  public var mostPieces: Int?
  /// What was carved out, in words; nil for a piece with a number.
  public var carved: String?

  /// A piece with a number, or several.
  public init(_ kind: Kind, of whole: SHA256Digest, numbers: [Int], count: Int) {
    (self.kind, self.whole, self.numbers, self.count) = (kind, whole, numbers, count)
  }

  /// A piece that was carved out.
  ///
  /// `what`: In words.
  public init(carving what: String, of whole: SHA256Digest) {
    (kind, self.whole, numbers, count, carved) = (.split, whole, [], 0, what)
  }

  /// The K-th of the shards of a job.
  ///
  /// - Parameters:
  ///   - number: From 1 on.
  ///   - count: How many shards there are.
  ///   - keys: What of the job decides the bytes of its dataset, as the manifest has it.
  ///   - inputs: The names of the job's inputs.
  public init(shard number: Int, of count: Int, keys: [String], inputs: [Path]) {
    // Shards may have other outputs than the whole.
    var whole = Array(keys.filter { !$0.hasPrefix("outputs") }.joined(separator: "\n").utf8)
    // No path has a zero byte.
    for input in inputs.sorted() { whole += [0] + input.bytes }
    self.init(.shard, of: SHA256Digest(of: whole.span), numbers: [number], count: count)
  }

  /// Whether all pieces are there.
  public var isWhole: Bool { count > 0 && numbers.count == count }

  /// What is not there, in words.
  public var missingDescription: String {
    if let carved { return "only \(carved) of \(whole.hex.prefix(12)) is there" }
    let present = Set(numbers)
    // Not all of them: a file may say any count.
    let first = Array((0..<count).lazy.map { $0 + 1 }.filter { !present.contains($0) }.prefix(20))
    let named = first.map { "\($0)/\(count)" }.joined(separator: ", ")
    let rest = count - present.count - first.count
    let more = rest > 0 ? " and \(rest) more" : ""
    let what = kind == .shard ? "shards of the job" : "pieces of \(whole.hex.prefix(12))"
    return "\(what) that are not there: \(named)\(more)"
  }

  /// What several datasets are together a part of; nothing for all of a whole.
  ///
  /// - Parameters:
  ///   - parts: What each is a part of.
  ///   - roots: The hashes of their manifests: a whole among them has all its pieces.
  /// - Returns: The wholes of which pieces are missing, each with the pieces that are there, in order.
  public static func joined(
    _ parts: some Sequence<DatasetPart>, roots: Set<SHA256Digest>
  ) -> [DatasetPart] {
    var groups: [DatasetPart: Set<Int>] = [:]
    for part in parts {
      var key = part
      key.numbers = []
      groups[key, default: []].formUnion(part.numbers)
    }
    return groups.map { key, numbers in
      var part = key
      part.numbers = numbers.sorted()
      return part
    }
    .filter { !$0.isWhole && !roots.contains($0.whole) }
    .sorted { $0.json().lexicographicallyPrecedes($1.json()) }
  }
}

// MARK: - JSON

extension DatasetPart {
  /// One JSON object, as the manifest has it.
  public func json() -> [UInt8] {
    var object = JSONObjectWriter()
    object.add("kind", kind.rawValue)
    object.add("of", whole.hex)
    object.add("count", count)
    object.add("numbers", array: numbers.map { Array(String($0).utf8) })
    if let mostPieces { object.add("into", mostPieces) }
    if let carved { object.add("carved", carved) }
    return object.finish()
  }

  init?(json: Span<UInt8>) {
    guard let object = try? JSONObject(json),
      let kind = object.string("kind").flatMap({ Kind(rawValue: $0) }),
      let whole = object.sha256("of"),
      let count = object.integer("count"), count >= 0, let list = object.array("numbers")
    else { return nil }
    let numbers = list.compactMap { Int($0.span.text()) }
    guard numbers.count == list.count, Set(numbers).count == list.count,
      numbers.allSatisfy({ (1...max(1, count)).contains($0) })
    else { return nil }
    self.init(kind, of: whole, numbers: numbers, count: count)
    carved = object.string("carved")
    mostPieces = object.integer("into")
  }
}
