import Bytes
import CloudTrail
import Dataset
import JobFiles
import Listing
import Reading
import Validation

/// What the digests say, for the dataset and for the report.
struct Evidence {
  private var update: ValidationUpdate
  /// Nil when the job does not ask.
  private(set) var summary: ValidationSummary?

  /// Checks the digest chains below the inputs, and every log they list, if the job says so.
  ///
  /// A log that this run has read is not read again. What is invalid is reported and does not keep
  /// the run from its commit: the records are what they are, later nights must not be lost because
  /// of one bad file, and the report says which files to doubt. What is said of each file becomes
  /// evidence in the dataset.
  init(_ context: RunContext, _ inputs: NewInputs, _ known: KnownContents) throws {
    update = ValidationUpdate(context.baseline.stored, context.job, inputs.roots)
    guard let digests = context.digests else { return }
    let meter = context.meter
    meter.enter(.validating)
    let result = try validate(
      in: FolderSource(inputs.roots, dataset: context.layout.root), options: digests,
      known: { known.content(of: $0) }, mapping: context.workers, progress: { meter.note($0) })
    summary = ValidationSummary(result)
    try update.take(result, wasRead: { known.wasRead($0) })
  }

  /// Sentences for the report.
  var notes: [String] { update.notes }

  /// Adds the files that change to what is to be committed.
  func stage(in tree: inout TreeUpdate) throws {
    for (file, text) in update.texts.sorted(by: { $0.key.path < $1.key.path }) {
      if text.isEmpty { tree.remove(file) } else { try tree.put(text.span, as: file) }
    }
  }

  /// Keys and signatures that the job names; nil when it validates nothing.
  ///
  /// - Throws: `RunError.wrongFile`, before anything is read.
  static func options(_ job: Job) throws -> ValidationOptions? {
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
}

/// What reading has found out about the log files.
struct KnownContents: Sendable {
  private var contents: [Path: FileContent?] = [:]

  mutating func note(_ path: Path, _ outcome: FileOutcome) {
    let hash = outcome.error == nil ? outcome.contentHash : nil
    contents[path] = .some(
      hash.map { FileContent(hash: $0, hasTrailingData: outcome.hasTrailingData) })
  }

  /// Whether this run has read the file.
  func wasRead(_ path: Path) -> Bool { contents[path] != nil }

  /// The content of a file that was read whole.
  func content(of path: Path) -> FileContent? { contents[path] ?? nil }

  static func += (left: inout KnownContents, right: KnownContents) {
    left.contents.merge(right.contents) { $1 }
  }
}
