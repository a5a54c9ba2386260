import Bytes
import Dataset
import Synchronization

/// Checks every file that the manifest names by its bytes.
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
        if case .partitions(let period) = file { _ = try dataset.list(period) }
      } catch DatasetError.changedFromOutside(_, let what) {
        shared.withLock { $0.append(.init(path: file.path, what: what, remedy: .repair)) }
      } catch DatasetError.damaged(_, let what) {
        shared.withLock {
          $0.append(.init(path: file.path, what: "\(what) is damaged", remedy: .repair))
        }
      } catch let error as FileError {
        shared.withLock {
          $0.append(.init(path: file.path, unreadable: error, remedy: .repair))
        }
      }
    }
    return shared.withLock { $0 }
  }
}
