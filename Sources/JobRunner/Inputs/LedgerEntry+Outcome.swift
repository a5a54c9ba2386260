import Bytes
import Dataset
import Reading

extension LedgerEntry {
  /// What became of a file that was read.
  init(_ source: Path, _ file: FileGroup.File, _ facts: PathFacts, _ result: FileOutcome) {
    self.init(path: source, byteCount: file.byteCount, outcome: .read)
    account = facts.account
    region = facts.region
    recordCount = result.recordCount
    filteredCount = result.filteredCount
    firstTime = result.firstTime
    lastTime = result.lastTime
    firstPostponedTime = result.firstPostponedTime
    if let error = result.error {
      outcome = result.isTaken ? .salvaged : .failed
      reason = error.reason
      offset = error.offset
    } else {
      (hash, contentHash) = (result.hash, result.contentHash)
      switch result.skip {
      case .noRecord?: outcome = .noRecord
      case .otherFileType?: outcome = .otherFileType
      case nil: break
      }
      if result.hasTrailingData { outcome = .trailingData }
    }
  }
}
