import CloudTrail
import Listing
import Reading
import Segments

/// How the files of a run are shared out: units of neighbouring files, and what each cell waits for.
///
/// A cell mostly gets its records from the files delivered on its day and on the day after: once
/// those are read it is *ripe*, and is written when memory is wanted. Once all files of its account
/// and region are read it is *complete*, and is written at once. Records that come later, from files
/// whose place says nothing, are merged into the cell at the end: the plan decides how fast a run is,
/// never what comes out.
struct ReadingPlan: Sendable {
  /// One stretch of the list of files to read.
  struct Unit: Sendable {
    var files: Range<Int>
    /// The cells that wait for it before they are ripe.
    var cells: [UInt32] = []
    /// The lanes that have files in it.
    var lanes: [UInt32] = []
  }

  private(set) var units: [Unit] = []
  /// How many units each cell waits for.
  private(set) var unitsOfCell: [UInt32: Int] = [:]
  /// How many units each lane, an account's region, has files in.
  private(set) var unitsOfLane: [UInt32: Int] = [:]
  /// The cells of each lane.
  private(set) var cellsOfLane: [UInt32: Set<UInt32>] = [:]

  /// Shares out `files`, which are in reading order.
  ///
  /// `unitByteCount`: about how much JSON one unit holds.
  init(_ files: [InputFile], _ list: FileList, cells: CellTable, unitByteCount: Int) {
    divide(files, unitByteCount: unitByteCount)
    var lanes: [AccountRegion: UInt32] = [:]
    var known: [UInt32: (lane: UInt32, cells: [UInt32])] = [:]
    for index in units.indices {
      var waiting: Set<UInt32> = []
      var touched: Set<UInt32> = []
      var last: UInt32?
      for file in files[units[index].files] where file.facts != last {
        last = file.facts
        let facts = list.facts(of: file)
        guard case .log(let family) = facts.kind, let account = facts.account,
          let region = facts.region
        else { continue }
        let place =
          known[file.facts]
          ?? {
            let lane = AccountRegion(family: family, account: account, region: region)
            let number = lanes[lane] ?? UInt32(lanes.count)
            lanes[lane] = number
            return (number, ReadingPlan.cells(facts, cells))
          }()
        known[file.facts] = place
        waiting.formUnion(place.cells)
        touched.insert(place.lane)
        cellsOfLane[place.lane, default: []].formUnion(place.cells)
      }
      units[index].cells = Array(waiting)
      units[index].lanes = Array(touched)
      for cell in waiting { unitsOfCell[cell, default: 0] += 1 }
      for lane in touched { unitsOfLane[lane, default: 0] += 1 }
    }
  }

  private mutating func divide(_ files: [InputFile], unitByteCount: Int) {
    var start = 0
    var byteCount = 0
    for (index, file) in files.enumerated() {
      byteCount += ReadingPlan.expectedByteCount(file)
      if byteCount >= unitByteCount || index == files.count - 1 {
        units.append(Unit(files: start..<(index + 1)))
        start = index + 1
        byteCount = 0
      }
    }
  }

  /// The cells that files with these facts mostly hold records of.
  private static func cells(_ facts: PathFacts, _ cells: CellTable) -> [UInt32] {
    guard case .log(let family) = facts.kind, let account = facts.account,
      let region = facts.region, let day = facts.delivery
    else { return [] }
    return [day.advanced(by: -1), day].map { day in
      cells.number(of: Cell(family: family, account: account, region: region, day: day))
    }
  }

  /// CloudTrail's JSON inflates about tenfold; the cost of opening a file counts like some bytes.
  private static func expectedByteCount(_ file: InputFile) -> Int {
    file.byteCount * 10 + 1024
  }
}
