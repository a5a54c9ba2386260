import Bytes
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
        guard let lines = try SideFileReader(file, of: dataset) else { continue }
        while try lines.next() {}
        count = count.map { $0 + lines.count }
      } catch DatasetError.damaged(_, let what) {
        count = nil
        problems.append(.init(path: file.path, what: what, remedy: .repair))
      } catch let error where error is DatasetError || error is FileError {
        // That is a problem of the tree.
        count = nil
      }
    }
    if let count, count != expected {
      let text = "counts \(expected) \(what), and there are \(count)"
      problems.append(.init(path: DatasetFile.manifest.path, what: text, remedy: .rebuild))
    }
    return problems
  }
}
