import Bytes
import CloudTrail
import Dataset
import Writing

/// One output of the job, ready to be written.
struct PlannedOutput: Sendable {
  /// The folder's name in the dataset.
  var name: String
  var keys: [PartitionKey]
  var options: PartOptions
  /// Whether records are to say where they come from.
  var needsOrigin: Bool
  /// Makes an encoder; each worker has its own.
  var makeEncoder: @Sendable () -> any RecordEncoder

  /// The folder of a partition, relative to the dataset.
  func folder(of cell: Cell, hour: Int = 0) -> Path {
    DatasetLayout.outputFolder(name, cell.family).appending(cell.folder(by: keys, hour: hour))
  }

  /// Every folder that can hold records of a cell.
  func folders(of cell: Cell) -> [Path] {
    keys.contains(.hour) ? (0..<24).map { folder(of: cell, hour: $0) } : [folder(of: cell)]
  }
}

/// The outputs of a job: those written cell by cell, and those whose partitions gather cells.
struct OutputPlan: Sendable {
  /// Every partition lies within one cell. The first is the store: the records themselves.
  private(set) var byCell: [PlannedOutput] = []
  /// A partition gathers several cells, which are read back from the store.
  private(set) var gathered: [PlannedOutput] = []

  /// The output that keeps every record by cell.
  var store: PlannedOutput { byCell[0] }

  init(_ job: Job) throws {
    for output in job.outputs {
      let planned = try OutputPlan.planned(output)
      let isStore = output.format == .ndjson && output.partitionBy.isWithinCell
      if isStore && (byCell.isEmpty || byCell[0].keys.contains(.hour)) {
        byCell.insert(planned, at: 0)
      } else if output.partitionBy.isWithinCell {
        byCell.append(planned)
      } else {
        gathered.append(planned)
      }
    }
    let hasStore = job.outputs.contains { $0.format == .ndjson && $0.partitionBy.isWithinCell }
    if !hasStore {
      byCell.insert(
        PlannedOutput(
          name: DatasetLayout.storeOutput, keys: [.account, .region, .dt], options: PartOptions(),
          needsOrigin: false, makeEncoder: { NDJSON() }), at: 0)
    }
  }

  private static func planned(_ output: OutputSpecification) throws -> PlannedOutput {
    var level: Int?
    if case .gzip(let chosen) = output.compression { level = chosen }
    let columns = try OutputPlan.columns(output)
    return PlannedOutput(
      name: output.name, keys: output.partitionBy,
      options: PartOptions(
        maxRows: output.maxRows, maxBytes: output.maxBytes, gzipLevel: level),
      needsOrigin: columns.contains { column in
        if case .provenance = column.content { true } else { false }
      },
      makeEncoder: encoder(output, columns))
  }

  /// The columns of a CSV, those that tell where a record comes from at the end if asked for.
  private static func columns(_ output: OutputSpecification) throws -> [Column] {
    guard output.format == .csv else { return [] }
    var columns = try output.columns.map { try Column.list(parsing: $0) } ?? Column.defaults
    guard output.provenance else { return columns }
    for name in ["_source", "_index", "_digest"] where !columns.contains(where: { $0.name == name })
    {
      columns.append(try Column(parsing: name))
    }
    return columns
  }

  /// What turns a record into bytes, by format.
  private static func encoder(
    _ output: OutputSpecification, _ columns: [Column]
  ) -> @Sendable () -> any RecordEncoder {
    switch output.format {
    case .ndjson: { NDJSON() }
    case .csv:
      { CSVEncoder(columns: columns, profile: output.profile, formulas: output.formulas) }
    }
  }
}
