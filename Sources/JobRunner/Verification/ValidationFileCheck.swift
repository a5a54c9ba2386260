import Bytes
import CloudTrail
import Dataset

/// Checks the files of what validations found: whole lines, in order, and nothing beside them.
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
      let relative = Path(bytes: Array(path.bytes[(layout.root.bytes.count + 1)...]))
      guard isDay(name) else {
        return .init(path: relative, what: "was not committed", remedy: .remove)
      }
      do {
        _ = try files.findings(named: name)
        return nil
      } catch let damage as ValidationFileDamage {
        return .init(
          path: relative, what: "is damaged at line \(damage.line)", remedy: .validate)
      } catch {
        return .init(path: relative, what: "cannot be read: \(error)", remedy: .validate)
      }
    }
  }

  private func isDay(_ name: String) -> Bool {
    let day = EventTime((name.prefix(10) + "T00:00:00Z").utf8.span)?.day
    return name == DatasetLayout.ledgerName(day: day)
  }
}
