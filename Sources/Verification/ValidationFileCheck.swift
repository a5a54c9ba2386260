import Bytes
import Dataset

/// Checks the files of what is known of digests: whole lines, in order.
///
/// Their bytes are a matter of the tree.
struct ValidationFileCheck {
  private let dataset: StoredDataset

  init(_ dataset: StoredDataset) {
    self.dataset = dataset
  }

  /// - Throws: `Stopped`.
  func run() throws -> [VerificationReport.Problem] {
    try dataset.digests.slots.compactMap { slot in
      do {
        // What has other bytes is a problem of the tree.
        _ = try dataset.check(.ofDelivery(.digests, slot))
        try dataset.digests.forEach(in: slot) { _ in }
        return nil
      } catch DatasetError.damaged(let path, let what) {
        return .init(
          path: dataset.layout.relative(path), what: "\(what) is damaged", remedy: .repair)
      } catch let error as Stopped {
        throw error
      } catch {
        return nil
      }
    }
  }
}
