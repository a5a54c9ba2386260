import Bytes
import Dataset

/// Checks the files of what validations found: whole lines, in order.
///
/// Their bytes are not in the manifest, since they change with the digests and not with the data.
struct ValidationFileCheck {
  private let layout: DatasetLayout

  init(_ layout: DatasetLayout) {
    self.layout = layout
  }

  /// - Throws: `FileError` when a folder cannot be listed.
  func run() throws -> [VerificationReport.Problem] {
    try problems(ValidationFiles<ValidatedLog>(layout.validatedLogs))
      + problems(ValidationFiles<ValidatedDigest>(layout.validatedDigests))
  }

  private func problems<Finding>(
    _ files: ValidationFiles<Finding>
  ) throws -> [VerificationReport.Problem] {
    try files.names().compactMap { name in
      let path = files.folder.appending(name)
      let relative = layout.relative(path)
      do throws(ValidationFileDamage) {
        _ = try files.findings(named: name)
        return nil
      } catch {
        if let unreadable = error.unreadable {
          return .init(path: relative, unreadable: unreadable, remedy: .validate)
        }
        return .init(path: relative, what: error.problem, remedy: .validate)
      }
    }
  }
}
