import Bytes
import CloudTrail
import Dataset

/// Checks the files of conflicts and rejected records: whole lines, in order, as many as committed.
///
/// Their bytes are a matter of the tree.
struct SideFileCheck {
  private let dataset: StoredDataset

  init(_ dataset: StoredDataset) {
    self.dataset = dataset
  }

  func run() throws -> [VerificationReport.Problem] {
    let manifest = dataset.manifest
    let conflicts = manifest.files { file in
      if case .conflicts = file { file } else { nil }
    }
    let rejected = manifest.files { file in
      if case .ofDelivery(.rejected, _) = file { file } else { nil }
    }
    return try problems(conflicts, expected: manifest.totals.conflictCount, "conflicts")
      + problems(rejected, expected: manifest.totals.rejectedCount, "rejected records")
  }

  private func problems(
    _ files: [DatasetFile], expected: Int, _ what: String
  ) throws -> [VerificationReport.Problem] {
    var problems: [VerificationReport.Problem] = []
    var count: Int? = 0
    for file in files {
      do {
        let bytes = try dataset.contents(of: file) ?? []
        let (lines, problem) = SideFileCheck.check(bytes)
        count = count.map { $0 + lines }
        if let problem {
          problems.append(.init(path: file.path, what: problem, remedy: .repair))
        }
      } catch let error where error is DatasetError || error is FileError {
        count = nil
      }
    }
    if let count, count != expected {
      let text = "counts \(expected) \(what), and there are \(count)"
      problems.append(.init(path: DatasetFile.manifest.path, what: text, remedy: .rebuild))
    }
    return problems
  }

  private static func check(_ bytes: [UInt8]) -> (count: Int, problem: String?) {
    var count = 0
    var last = (source: Path(""), index: 0)
    var lines = TextLines(bytes)
    while let line = lines.next() {
      count += 1
      guard line.isEnded, let place = place(bytes.span.extracting(line.range)) else {
        return (count, "line \(count) is damaged")
      }
      if place < last { return (count, "line \(count) comes before the line above it") }
      last = place
    }
    return (count, nil)
  }

  /// Where the record of a line comes from; nil if it is not such a line.
  private static func place(_ line: Span<UInt8>) -> (source: Path, index: Int)? {
    guard let object = try? JSONObject(line), let source = object.bytes("source"),
      let index = object.integer("index")
    else { return nil }
    return (Path(bytes: source), index)
  }
}
