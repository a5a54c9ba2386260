import Bytes
import CloudTrail
import Dataset
import JobFiles
import Listing
import Reading
import Validation

/// Turns what a validation found into the files of evidence that are to change.
///
/// What is in the inputs is judged again. What was said of files that have left them stays, and so does
/// what digests said that have left: they were there when the records were taken. So the same inputs
/// give the same files of evidence, whether they came at once or night by night, logs before their
/// digests or not.
struct ValidationUpdate {
  /// What the files are to hold; one that is empty goes.
  private(set) var texts: [DatasetFile: [UInt8]] = [:]
  /// `s3://bucket/key` of what digests name, an earlier validation found, and this one did not.
  private var left: [[UInt8]] = []
  /// Sentences for the report.
  private(set) var notes: [String] = []

  private let dataset: StoredDataset
  private let places: FindingPlaces

  /// - Parameters:
  ///   - dataset: What it holds and keeps.
  ///   - job: Only what it selects becomes evidence.
  ///   - roots: Its inputs.
  init(_ dataset: StoredDataset, _ job: Job, _ roots: [InputRoot]) {
    self.dataset = dataset
    places = FindingPlaces(job, roots)
  }

  /// Compares the findings with the evidence that is there.
  ///
  /// `wasRead`: Whether this run took records from the file at a path.
  ///
  /// - Throws: `DatasetError` for evidence that is not as it was committed.
  mutating func take(_ report: ValidationReport, wasRead: (Path) -> Bool) throws {
    let digests = DigestFindings(report, places)
    for slot in digests.bySlot.keys.sorted() {
      try update(dataset.validatedDigests, slot, digests.bySlot[slot] ?? []) {
        $0.path == nil && digests.keeps($0)
      }
    }
    try takeLogs(LogFindings(report, places, wasRead: wasRead))
    noteLeft()
  }

  private mutating func takeLogs(_ logs: LogFindings) throws {
    for slot in logs.slots.sorted() {
      let found = logs.found(in: slot)
      let keys = logs.presentKeys(in: slot, found)
      let unlisted = logs.unlistedPaths(in: slot)
      try update(dataset.validatedLogs, slot, found) {
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

  /// Notes what one file is to hold.
  ///
  /// - Parameters:
  ///   - files: Those of its kind.
  ///   - slot: Its delivery.
  ///   - found: All that this validation says for it.
  ///   - keeps: Whether an earlier finding still holds about something that was not there, or about a
  ///     file that is there.
  /// - Throws: `DatasetError` for evidence that is not as it was committed.
  private mutating func update<Finding: ValidationFinding>(
    _ files: ValidationFiles<Finding>, _ slot: DeliverySlot, _ found: [Finding],
    keeps: (Finding) -> Bool
  ) throws {
    let paths = Set(found.compactMap(\.path))
    let kept = try files.findings(slot).filter { finding in
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
    texts[files.file(slot)] = ValidationFiles.text(findings)
  }
}

extension Job {
  /// Whether the run makes its dataset without what it holds.
  var startsAnew: Bool { rebuild || !incremental }
}
