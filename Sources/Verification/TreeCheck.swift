import Bytes
import Dataset
import Synchronization

/// Checks every file that the manifest names by its bytes, and gathers what the lists say.
struct TreeCheck {
  private let dataset: StoredDataset

  init(_ dataset: StoredDataset) {
    self.dataset = dataset
  }

  /// What is wrong with files of the tree.
  ///
  /// - Complexity: O(bytes of the tree), in constant memory.
  func run(_ workers: some ParallelMapping) throws -> [VerificationReport.Problem] {
    let files = dataset.manifest.files { $0 }
    let shared = Mutex<[VerificationReport.Problem]>([])
    try workers.forEach(files.count) { number in
      let file = files[number]
      do {
        _ = try dataset.check(file)
      } catch DatasetError.changedFromOutside(_, let what) {
        shared.withLock { $0.append(.init(path: file.path, what: what, remedy: file.remedy)) }
      } catch let error as FileError {
        shared.withLock {
          $0.append(.init(path: file.path, unreadable: error, remedy: file.remedy))
        }
      }
    }
    return shared.withLock { $0 }
  }

  /// The cells and partitions of all lists that are as they were committed.
  func contents() -> PartitionList {
    var contents = PartitionList()
    for period in dataset.periods {
      guard let list = try? dataset.list(period) else { continue }
      contents.cells.merge(list.cells) { $1 }
      contents.partitions.merge(list.partitions) { $1 }
    }
    return contents
  }
}

extension DatasetFile {
  /// What makes damage to the file good.
  fileprivate var remedy: VerificationReport.Remedy {
    switch self {
    case .partitions: .rebuild
    default: .repair
    }
  }
}
