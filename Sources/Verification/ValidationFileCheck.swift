import Bytes
import Dataset

/// Checks the files of what validations found: whole lines, in order.
///
/// Their bytes are a matter of the tree.
struct ValidationFileCheck {
  private let dataset: StoredDataset

  init(_ dataset: StoredDataset) {
    self.dataset = dataset
  }

  func run() -> [VerificationReport.Problem] {
    problems(dataset.validatedLogs) + problems(dataset.validatedDigests)
  }

  private func problems<Finding>(
    _ files: ValidationFiles<Finding>
  ) -> [VerificationReport.Problem] {
    files.slots.compactMap { slot in
      do {
        _ = try files.findings(slot)
        return nil
      } catch DatasetError.damaged(_, let what) {
        return .init(
          path: files.file(slot).path, what: "\(what) is damaged", remedy: .repair)
      } catch {
        // That is a problem of the tree.
        return nil
      }
    }
  }
}
