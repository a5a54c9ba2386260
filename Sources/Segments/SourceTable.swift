public import Bytes
import Synchronization

/// Numbers for the files that records come from, so that an entry names its file in four bytes.
///
/// The files of this run have the first numbers; those of earlier runs, met in the dataset, get
/// theirs as they come up. Shared by all workers.
public final class SourceTable: Sendable {
  private struct Earlier {
    var paths: [Path] = []
    var numbers: [Path: UInt32] = [:]
  }

  private let path: @Sendable (Int) -> Path
  /// This run's files in the byte order of their paths.
  private let order: [UInt32]
  /// The place of each of this run's files in that order.
  private let ranks: [UInt32]
  private let earlier = Mutex(Earlier())

  /// Makes the table of `count` files.
  ///
  /// `path`: what reports call the file with a number below `count`.
  /// `precedes`: whether the path of one comes before that of another in byte order.
  ///
  /// - Throws: What `precedes` throws.
  /// - Complexity: O(`count` · log `count`).
  public init(
    count: Int, path: @escaping @Sendable (Int) -> Path, precedes: (Int, Int) throws -> Bool
  ) rethrows {
    self.path = path
    order = try (0..<count).sorted(by: precedes).map { UInt32($0) }
    var ranks = [UInt32](repeating: 0, count: count)
    for (rank, number) in order.enumerated() { ranks[Int(number)] = UInt32(rank) }
    self.ranks = ranks
  }

  /// The number of a file that an earlier run read; one that this run reads again has its number.
  public func number(of path: Path) -> UInt32 {
    if let number = currentNumber(of: path) { return number }
    return earlier.withLock { earlier in
      if let number = earlier.numbers[path] { return number }
      let number = UInt32(ranks.count + earlier.paths.count)
      earlier.paths.append(path)
      earlier.numbers[path] = number
      return number
    }
  }

  /// The number of one of this run's files.
  private func currentNumber(of path: Path) -> UInt32? {
    var places = 0..<order.count
    while let first = places.first {
      let middle = (first + places.upperBound) / 2
      let number = order[middle]
      let found = self.path(Int(number))
      if found == path { return number }
      places = found < path ? (middle + 1)..<places.upperBound : first..<middle
    }
    return nil
  }

  /// What reports call the file with `number`.
  public func path(_ number: UInt32) -> Path {
    if Int(number) < ranks.count { return path(Int(number)) }
    return earlier.withLock { $0.paths[Int(number) - ranks.count] }
  }

  /// Whether a copy at `left` comes before one at `right`: by path in byte order, then by index.
  public func precedes(_ left: SourcePlace, _ right: SourcePlace) -> Bool {
    if left.source == right.source { return left.index < right.index }
    if Int(left.source) < ranks.count && Int(right.source) < ranks.count {
      return ranks[Int(left.source)] < ranks[Int(right.source)]
    }
    let (leftPath, rightPath) = (path(left.source), path(right.source))
    return leftPath == rightPath ? left.index < right.index : leftPath < rightPath
  }
}

/// Where a copy of a record was found: the file's number and the record's place in it.
public struct SourcePlace: Hashable, Sendable {
  public var source: UInt32
  public var index: UInt32

  public init(source: UInt32, index: UInt32) {
    self.source = source
    self.index = index
  }
}

extension Entry {
  /// Where this copy was found.
  public var place: SourcePlace {
    get { SourcePlace(source: source, index: index) }
    set {
      source = newValue.source
      index = newValue.index
    }
  }
}
