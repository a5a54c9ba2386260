import CloudTrail
import Reading

/// How the files of a run are shared out: units of neighbouring files, and which units each cell
/// waits for.
///
/// A cell mostly gets its records from the files delivered on its day and on the day after. Once
/// the units with those files are read it can be written, while others are still being read.
/// Records that come later, from a late delivery or a file whose place says nothing, are merged into
/// the cell at the end: the plan decides how fast a run is, never what comes out.
struct ReadingPlan: Sendable {
  /// Stretches of the list of files to read.
  private(set) var units: [Range<Int>] = []
  /// The cells that wait for each unit.
  private(set) var cellsOfUnit: [[UInt32]] = []
  /// How many units each cell waits for.
  private(set) var unitCounts: [UInt32: Int] = [:]

  /// Shares out `files`, which are in reading order.
  ///
  /// - Parameter unitByteCount: About how much JSON one unit holds.
  init(_ files: [InputFile], _ list: FileList, cells: CellTable, unitByteCount: Int) {
    var start = 0
    var byteCount = 0
    for (index, file) in files.enumerated() {
      byteCount += ReadingPlan.expectedByteCount(file)
      if byteCount >= unitByteCount || index == files.count - 1 {
        units.append(start..<(index + 1))
        start = index + 1
        byteCount = 0
      }
    }
    var numbers: [UInt32: [UInt32]] = [:]
    for unit in units {
      var waiting: Set<UInt32> = []
      var last: UInt32?
      for file in files[unit] where file.facts != last {
        last = file.facts
        let known = numbers[file.facts] ?? ReadingPlan.cells(list.facts(of: file), cells)
        numbers[file.facts] = known
        waiting.formUnion(known)
      }
      cellsOfUnit.append(Array(waiting))
      for cell in waiting { unitCounts[cell, default: 0] += 1 }
    }
  }

  /// The cells that files with these facts mostly hold records of.
  private static func cells(_ facts: PathFacts, _ cells: CellTable) -> [UInt32] {
    guard case .log(let family) = facts.kind, let account = facts.account,
      let region = facts.region, let day = facts.deliveryDay
    else { return [] }
    return [day - 1, day].map { day in
      cells.number(of: Cell(family: family, account: account, region: region, day: day))
    }
  }

  /// CloudTrail's JSON inflates about tenfold; the cost of opening a file counts like some bytes.
  private static func expectedByteCount(_ file: InputFile) -> Int {
    file.byteCount * 10 + 4096
  }
}
