public import Bytes
import CloudTrail
import Dataset
import JobFiles
public import Writing

/// The tables of a dataset: for each output, one of each family that has records.
public struct DatasetTables: Sendable {
  public private(set) var all: [TableDescription] = []
  /// The outputs that query engines cannot read, each with the reason.
  public private(set) var unreadable: [String] = []

  /// - Parameters:
  ///   - dataset: The dataset's folder.
  ///   - formats: The formats that its outputs may have.
  /// - Throws: `DatasetError.absent` or `damaged`.
  public init(in dataset: Path, formats: [any OutputFormat] = OutputFormats.all) throws {
    let root = try DatasetLayout.existing(dataset)
    let layout = DatasetLayout(root)
    let stored = try StoredDataset(layout)
    let outputs: [OutputSpecification]
    do {
      outputs = try JobFingerprint(lines: stored.manifest.job).outputs(among: formats)
    } catch {
      throw DatasetError.damaged(layout.manifest, "its description of the job")
    }
    let cells = try stored.cells()
    var taken: Set<String> = []
    for output in outputs {
      do {
        all += try Family.allCases.compactMap { family in
          let own = cells.filter { $0.key.family == family }
          if own.isEmpty { return nil }
          var table = try TableDescription(output, family, own, root)
          table.reserveName(in: &taken)
          return table
        }
      } catch let error as UnreadableFormat {
        unreadable.append("no table for the output \(output.name): \(error.reason)")
      }
    }
  }
}
