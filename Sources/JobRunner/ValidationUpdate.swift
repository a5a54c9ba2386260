import Bytes
import CloudTrail
import Dataset
import JobFiles
import Reading
import Validation

/// Writes what a validation found to the staging area, as the files of evidence that are to change.
///
/// What is in the inputs is judged again. What was said of files that have left them stays, and so does
/// what digests said that have left: they were there when the records were taken. So the same inputs
/// give the same files of evidence, whether they came at once or night by night, logs before their
/// digests or not.
struct ValidationUpdate {
  /// What takes the place of which file.
  private(set) var staged: [(staged: Path, target: Path)] = []
  private(set) var removed: [Path] = []
  /// Files that stay as they are.
  private var unchanged: [Path] = []
  /// `s3://bucket/key` of what digests name, an earlier validation found, and this one did not.
  private var left: [[UInt8]] = []
  /// Sentences for the report.
  private(set) var notes: [String] = []

  private let layout: DatasetLayout
  private let places: FindingPlaces
  private let startsAnew: Bool

  /// - Parameters:
  ///   - layout: The dataset.
  ///   - job: Only what it selects becomes evidence.
  ///   - roots: Its inputs.
  init(_ layout: DatasetLayout, _ job: Job, _ roots: [InputRoot]) {
    self.layout = layout
    places = FindingPlaces(job, roots)
    startsAnew = job.startsAnew
  }

  /// Compares the findings with the evidence that is there.
  ///
  /// `wasRead`: Whether this run took records from the file at a path.
  ///
  /// - Throws: `FileError`; damaged evidence is only noted, and made again.
  mutating func take(_ report: ValidationReport, wasRead: (Path) -> Bool) throws {
    let digests = DigestFindings(report, places)
    for name in digests.byFile.keys.sorted() {
      try update(ValidationFiles(layout.validatedDigests), name, digests.byFile[name] ?? []) {
        $0.path == nil && digests.keeps($0)
      }
    }
    try takeLogs(LogFindings(report, places, wasRead: wasRead))
    noteLeft()
  }

  private mutating func takeLogs(_ logs: LogFindings) throws {
    for name in logs.names.sorted() {
      let found = logs.found(in: name)
      let keys = logs.presentKeys(in: name, found)
      let unlisted = logs.unlistedPaths(in: name)
      try update(ValidationFiles(layout.validatedLogs), name, found) {
        $0.path == nil ? logs.keeps($0, keys) : logs.keeps($0, unlisted: unlisted)
      }
    }
  }

  /// Tells a file that was there once from one that never came: the report calls both missing.
  private mutating func noteLeft() {
    guard let first = left.first else { return }
    let more = left.count > 1 ? " and \(left.count - 1) more" : ""
    notes.append(
      "\(Path(bytes: first))\(more): not in the inputs any more, though a digest names it; an earlier "
        + "validation found it, and what that said stays")
  }

  /// Stages one file, if it changes.
  ///
  /// - Parameters:
  ///   - files: Where it lies.
  ///   - name: Its name.
  ///   - found: All that this validation says for it.
  ///   - keeps: Whether an earlier finding still holds about something that was not there, or about a
  ///     file that is there.
  /// - Throws: `FileError`.
  private mutating func update<Finding: ValidationFinding>(
    _ files: ValidationFiles<Finding>, _ name: String, _ found: [Finding],
    keeps: (Finding) -> Bool
  ) throws {
    let paths = Set(found.compactMap(\.path))
    let kept = try earlier(files, name).filter { finding in
      finding.path.map { !paths.contains($0) } == true || keeps(finding)
    }
    let keptPaths = Set(kept.compactMap(\.path))
    let found = found.filter { $0.path.map { !keptPaths.contains($0) } ?? true }
    // What was there once is not missing from the evidence when it leaves the inputs.
    let keptObjects = Set(kept.compactMap { $0.path == nil ? nil : $0.object })
    let absent = Set(found.compactMap { $0.path == nil ? $0.object : nil })
    left += absent.intersection(keptObjects).sorted { $0.lexicographicallyPrecedes($1) }
    let findings =
      found.filter { $0.path != nil || $0.object.map { !keptObjects.contains($0) } ?? true }
      + kept.filter { $0.path != nil || $0.object.map { !absent.contains($0) } ?? true }
    let target = files.folder.appending(name)
    if findings.isEmpty {
      if try FileSystem.isThere(target) { removed.append(target) }
      return
    }
    let text = ValidationFiles.text(findings)
    if try FileSystem.isThere(target), (try? FileSystem.contents(of: target)) == text {
      return unchanged.append(target)
    }
    try FileSystem.createFolders(layout.staging)
    let path = layout.staging.appending("validation-\(staged.count)")
    try OpenFile(path, .writing).write(text.span)
    staged.append((path, target))
  }

  private mutating func earlier<Finding: ValidationFinding>(
    _ files: ValidationFiles<Finding>, _ name: String
  ) throws(FileError) -> [Finding] {
    if startsAnew { return [] }
    do throws(ValidationFileDamage) {
      return try files.findings(named: name)
    } catch {
      try error.throwIfForbidden()
      notes.append(
        "\(error.path) \(error.problem); it is made again, but what it said of files that are no longer "
          + "in the inputs is lost")
      return []
    }
  }

  /// Adds the files to a commit; of a dataset made again the others go.
  mutating func stage(in commit: inout Commit) throws {
    if startsAnew {
      let targets = Set(staged.map(\.target) + unchanged)
      for folder in [layout.validatedLogs, layout.validatedDigests] {
        for name in try ValidationFiles<ValidatedLog>(folder).names() {
          let path = folder.appending(name)
          if !targets.contains(path) { removed.append(path) }
        }
      }
    }
    for (staged, target) in staged { try commit.place(staged, as: target) }
    for path in Set(removed).sorted() { commit.remove(path) }
  }
}

extension Job {
  /// Whether the run makes its dataset without what it holds.
  var startsAnew: Bool { rebuild || !incremental }
}
