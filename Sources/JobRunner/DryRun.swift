import Bytes
public import CloudTrail
import Dataset
public import JobFiles
import Reading
import Writing

/// What a run would read and where it would write, found out without touching the dataset.
public struct DryRun: Sendable {
  public var fileCount = 0
  public var alreadyReadCount = 0
  public var skipped: [String: Int] = [:]
  public var storedByteCount = 0
  public var accounts: Set<PartitionValue> = []
  public var regions: Set<PartitionValue> = []
  public var days: Set<Int32> = []
  public var targets: [String] = []

  /// Looks at the inputs and the ledger.
  public init(_ job: Job) throws {
    let preparation: Preparation
    do {
      preparation = try Preparation(
        job, DatasetLayout(Path(job.dataset)), Workers(count: job.threads))
    } catch {
      throw RunError.orStopped(error)
    }
    let list = preparation.discovery.list
    fileCount = preparation.files.count
    alreadyReadCount = preparation.counts.files.alreadyRead
    skipped = preparation.counts.files.skipped
    for file in preparation.files {
      storedByteCount += file.byteCount
      let facts = list.facts(of: file)
      if let account = facts.account { accounts.insert(account) }
      if let region = facts.region { regions.insert(region) }
      if let day = facts.deliveryDay { days.insert(day) }
    }
    targets = job.outputs.map { output in
      let folders = output.partitionBy.map { "\($0.rawValue)=…/" }.joined()
      return "\(job.dataset)/\(output.name)/\(folders)\(output.partNames.name(0))"
    }
  }

  /// The lines for a person.
  public var text: String {
    let span = days.min().flatMap { first in
      days.max().map { last in
        ", delivered \(CivilDate(daysSince1970: first).text) to "
          + CivilDate(daysSince1970: last).text
      }
    }
    var lines = [
      "would read \(fileCount) files, \(storedByteCount) bytes as stored",
      "  from \(accounts.count) accounts, \(regions.count) regions, \(days.count) days"
        + (span ?? ""),
    ]
    if alreadyReadCount > 0 { lines.append("  \(alreadyReadCount) files were read before") }
    lines += skipped.sorted { $0.key < $1.key }.map { "  \($0.value) files skipped: \($0.key)" }
    lines += targets.map { "would write \($0)" }
    return lines.joined(separator: "\n")
  }
}
