import CloudTrail
import Listing
import Reading
import Segments

/// How the files of a run are shared out: units of neighbouring files, and what each cell waits for.
///
/// A cell mostly gets its records from the files delivered on its day and on the day after: once
/// those are read it is *complete*, and is written when memory is wanted. Once all files of its account
/// and region are read it is *final*, and is written at once. Records that come later, from files
/// whose place says nothing, are merged into the cell at the end: the plan decides how fast a run is,
/// never what comes out.
struct ReadingPlan: Sendable {
  /// One stretch of the list of files to read.
  struct Unit: Sendable {
    var files: Range<Int>
    /// The cells that wait for it before they are complete.
    var cells: [UInt32] = []
    /// The accounts' regions that have files in it.
    var regions: [UInt32] = []
  }

  var units: [Unit] = []
  /// How many units each cell waits for.
  var unitsOfCell: [UInt32: Int] = [:]
  /// How many units each account's region has files in.
  var unitsOfRegion: [UInt32: Int] = [:]
  /// The cells of each account's region.
  var cellsOfRegion: [UInt32: Set<UInt32>] = [:]

  /// No units.
  init() {}

  /// Shares out the files of `inputs` in units of somewhat less JSON than a batch holds.
  init(_ inputs: NewInputs, cells: CellTable, memory: MemoryPlan) {
    let (files, list) = (inputs.files, inputs.list)
    divide(files, unitByteCount: memory.batchCapacity / 4 * 3)
    var numbers: [AccountRegion: UInt32] = [:]
    var known: [UInt32: (region: UInt32, cells: [UInt32])] = [:]
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
            let key = AccountRegion(family: family, account: account, region: region)
            let number = numbers[key] ?? UInt32(numbers.count)
            numbers[key] = number
            return (number, ReadingPlan.cells(facts, cells))
          }()
        known[file.facts] = place
        waiting.formUnion(place.cells)
        touched.insert(place.region)
        cellsOfRegion[place.region, default: []].formUnion(place.cells)
      }
      units[index].cells = Array(waiting)
      units[index].regions = Array(touched)
      for cell in waiting { unitsOfCell[cell, default: 0] += 1 }
      for region in touched { unitsOfRegion[region, default: 0] += 1 }
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
