import Bytes
import CloudTrail
import Dataset
import JobFiles
import Listing
import Reading
import Validation

extension Pipeline {
  /// Keys and signatures that the job names; nil when it validates nothing.
  ///
  /// - Throws: `RunError.wrongFile`, before anything is read.
  static func validationOptions(_ job: Job) throws -> ValidationOptions? {
    guard job.validate else { return nil }
    do {
      return try ValidationOptions(
        publicKeys: job.publicKeys.map { Path($0) }, signatures: job.signatures.map { Path($0) })
    } catch let error as FileError where error.isPermission {
      throw error
    } catch {
      throw RunError.wrongFile(String(describing: error))
    }
  }

  /// Checks the digest chains below the inputs, and every log they list, if the job says so.
  ///
  /// A log that this run has read is not read again. What is invalid is reported and does not keep
  /// the run from its commit: the records are what they are, later nights must not be lost because
  /// of one bad file, and the report says which files to doubt. What is said of each file becomes
  /// evidence in the dataset.
  mutating func checkDigests() throws {
    guard let validation else { return }
    meter.enter(.validating)
    let meter = meter
    let known = KnownContents(preparation.files, outcomes, preparation.discovery.list)
    let result = try validate(
      in: FolderSource(preparation.roots, dataset: preparation.layout.root), options: validation,
      known: { known.content(of: $0) }, mapping: workers, progress: { meter.note($0) })
    report.validation = ValidationSummary(result)
    try evidence.take(result, wasRead: { known.wasRead($0) })
    report.notes += evidence.notes
  }
}

/// What reading has found out about the log files.
///
/// Keyed by a hash of the path, since a run may read millions of files and their names are in the
/// list already.
private struct KnownContents {
  private let files: [InputFile]
  private let outcomes: [FileOutcome]
  private let list: FileList
  private var numbers: [Int: Int32] = [:]

  init(_ files: [InputFile], _ outcomes: [FileOutcome], _ list: FileList) {
    self.files = files
    self.outcomes = outcomes
    self.list = list
    for (number, file) in files.enumerated() {
      guard case .log = list.facts(of: file).kind else { continue }
      numbers[list.path(of: file).hashValue] = Int32(number)
    }
  }

  /// Whether this run has read the file; of two files with one hash both count as read.
  func wasRead(_ path: Path) -> Bool { numbers[path.hashValue] != nil }

  /// The content of a file that was read whole; of two files with one hash only the last is known.
  func content(of path: Path) -> FileContent? {
    guard let number = numbers[path.hashValue].map({ Int($0) }),
      outcomes[number].error == nil, let hash = outcomes[number].contentHash,
      list.path(of: files[number]) == path
    else { return nil }
    return FileContent(hash: hash, hasTrailingData: outcomes[number].hasTrailingData)
  }
}
