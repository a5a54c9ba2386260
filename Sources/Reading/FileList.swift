public import Bytes
import CloudTrail

/// One file found below the inputs.
public struct InputFile: Sendable {
  /// Its folder's number in the list.
  public var folder: UInt32
  /// The number of its facts in the list.
  public var facts: UInt32
  /// Where its name stands in the list's names.
  var nameStart: UInt32
  var nameLength: UInt16
  /// Bytes as stored.
  public var byteCount: Int
  /// Last modification, nanoseconds since 1970.
  public var modified: Int64
}

/// The files found below the inputs, in the order they are to be read.
///
/// An organization's mirror holds millions of files, so folders, names and facts are kept once
/// and a file costs about 40 bytes and its name.
public struct FileList: Sendable {
  /// A folder that holds files.
  public struct Folder: Sendable {
    /// Where it is.
    public var path: Path
    /// What reports and the dataset call it: the name of its input and the path below that.
    public var source: Path
  }

  public internal(set) var files: [InputFile] = []
  public internal(set) var folders: [Folder] = []
  public internal(set) var facts: [PathFacts] = []
  private var names: [UInt8] = []
  private var factNumbers: [PathFacts: UInt32] = [:]

  public init() {}

  /// What the place and name of a file say.
  public func facts(of file: InputFile) -> PathFacts {
    facts[Int(file.facts)]
  }

  public func name(of file: InputFile) -> [UInt8] {
    let start = Int(file.nameStart)
    return Array(names[start..<(start + Int(file.nameLength))])
  }

  /// Where the file is.
  public func path(of file: InputFile) -> Path {
    folders[Int(file.folder)].path.appending(name(of: file))
  }

  /// What reports and the dataset call the file.
  public func source(of file: InputFile) -> Path {
    folders[Int(file.folder)].source.appending(name(of: file))
  }

  mutating func add(_ folder: Folder) -> UInt32 {
    folders.append(folder)
    return UInt32(folders.count - 1)
  }

  mutating func add(
    name: [UInt8], folder: UInt32, facts: PathFacts, status: FileStatus
  ) {
    let number =
      factNumbers[facts]
      ?? {
        self.facts.append(facts)
        let number = UInt32(self.facts.count - 1)
        factNumbers[facts] = number
        return number
      }()
    files.append(
      InputFile(
        folder: folder, facts: number, nameStart: UInt32(names.count),
        nameLength: UInt16(name.count), byteCount: status.byteCount, modified: status.modified))
    names.append(contentsOf: name)
  }

  /// Puts the files in reading order: family, account, region, delivery date, path; files whose
  /// place says nothing come last.
  ///
  /// So the files of one cell are read together, whichever trail delivered them, and the cell can
  /// be written while the rest is still being read.
  ///
  /// - Throws: `Stopped` when a signal asks to stop.
  mutating func sortForReading() throws {
    let ranks = rankedFacts()
    var sorted = files
    files = []
    try sorted.sort { left, right in
      try StopSignal.check()
      let (leftRank, rightRank) = (ranks[Int(left.facts)], ranks[Int(right.facts)])
      return leftRank != rightRank ? leftRank < rightRank : precedes(left, right)
    }
    files = sorted
  }

  /// Whether one file's source comes before another's in byte order.
  ///
  /// Hundreds of thousands of files are compared, so paths are not put together for it unless one
  /// folder lies inside the other.
  public func precedes(_ left: InputFile, _ right: InputFile) -> Bool {
    if left.folder == right.folder {
      let (leftName, rightName) = (nameSlice(left), nameSlice(right))
      return leftName.span.compare(to: rightName.span) < 0
    }
    let leftFolder = folders[Int(left.folder)].source.bytes
    let rightFolder = folders[Int(right.folder)].source.bytes
    let shared = min(leftFolder.count, rightFolder.count)
    let order = leftFolder.span.extracting(0..<shared)
      .compare(to: rightFolder.span.extracting(0..<shared))
    return order == 0 ? source(of: left) < source(of: right) : order < 0
  }

  private func nameSlice(_ file: InputFile) -> ArraySlice<UInt8> {
    let start = Int(file.nameStart)
    return names[start..<(start + Int(file.nameLength))]
  }

  private func rankedFacts() -> [Int] {
    let order = facts.indices.sorted { left, right in
      FileList.precedes(facts[left], facts[right])
    }
    var ranks = [Int](repeating: 0, count: facts.count)
    for (rank, number) in order.enumerated() { ranks[number] = rank }
    return ranks
  }

  private static func precedes(_ left: PathFacts, _ right: PathFacts) -> Bool {
    func key(_ facts: PathFacts) -> [[UInt8]] {
      var family = [UInt8]()
      if case .log(let logFamily) = facts.kind { family = Array(logFamily.rawValue.utf8) }
      let day = facts.delivery.map { Array(String(1_000_000_000 + $0.daysSince1970).utf8) }
      return [
        family.isEmpty ? [0xFF] : family, facts.account?.encoded ?? [0xFF],
        facts.region?.encoded ?? [0xFF], day ?? [0xFF], Array((facts.organization ?? "").utf8),
      ]
    }
    return key(left).lexicographicallyPrecedes(key(right)) { $0.lexicographicallyPrecedes($1) }
  }
}
