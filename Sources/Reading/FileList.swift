import CloudTrail
public import Listing

/// The files found below the inputs, in the order they are to be read.
public typealias FileList = FileTable<PathFacts>

extension InputFile {
  /// The number of its facts in the list.
  public var facts: UInt32 { label }
}

extension FileList {
  /// All that the places and names of files say.
  public var facts: [PathFacts] { labels }

  /// What the place and name of a file say.
  public func facts(of file: InputFile) -> PathFacts { label(of: file) }

  /// Puts the files in reading order: family, account, region, delivery date, path; files whose
  /// place says nothing come last.
  ///
  /// So the files of one cell are read together, whichever trail delivered them, and the cell can
  /// be written while the rest is still being read.
  ///
  /// - Throws: `Stopped` when a signal asks to stop.
  mutating func sortForReading() throws {
    try sort(byLabel: PathFacts.areInReadingOrder)
  }
}

extension PathFacts {
  /// What is not known comes last, except that an account's own trail comes before an organization's.
  fileprivate static func areInReadingOrder(_ left: PathFacts, _ right: PathFacts) -> Bool {
    let (leftFamily, rightFamily) = (left.family?.rawValue, right.family?.rawValue)
    return precedes(leftFamily, rightFamily) ?? precedes(left.account, right.account)
      ?? precedes(left.region, right.region) ?? precedes(left.delivery, right.delivery)
      ?? ((left.organization ?? "") < (right.organization ?? ""))
  }

  private var family: Family? {
    if case .log(let family) = kind { family } else { nil }
  }

  /// Nil if both are equal.
  private static func precedes<Value: Comparable>(_ left: Value?, _ right: Value?) -> Bool? {
    if left == right { return nil }
    guard let left else { return false }
    guard let right else { return true }
    return left < right
  }
}
