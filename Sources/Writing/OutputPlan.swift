public import Bytes
public import CloudTrail
import Dataset

/// One output of the job, ready to be written.
public struct PlannedOutput: Sendable {
  /// The folder's name in the dataset.
  public var name: String
  public var keys: [PartitionKey]
  public var options: PartOptions
  /// Whether records are to say where they come from.
  public var needsOrigin: Bool
  /// Makes an encoder; each worker has its own.
  public var makeEncoder: @Sendable () -> any RecordEncoder

  /// The folder of a partition, relative to the dataset.
  public func folder(of cell: Cell, hour: Int = 0) -> Path {
    DatasetLayout.outputFolder(name, cell.family).appending(cell.folder(by: keys, hour: hour))
  }

  /// Every folder that can hold records of a cell.
  public func folders(of cell: Cell) -> [Path] {
    keys.contains(.hour) ? (0..<24).map { folder(of: cell, hour: $0) } : [folder(of: cell)]
  }
}

/// The outputs of a job: those written cell by cell, and those whose partitions gather cells.
public struct OutputPlan: Sendable {
  /// Every partition lies within one cell.
  ///
  /// The first is the store: the records themselves.
  public private(set) var byCell: [PlannedOutput] = []
  /// A partition gathers several cells, which are read back from the store.
  public private(set) var gathered: [PlannedOutput] = []

  /// The output that keeps every record by cell.
  public var store: PlannedOutput { byCell[0] }

  /// A plan that writes outputs from the records in `store`, whatever they are partitioned by.
  public init(gathering outputs: [PlannedOutput], store: PlannedOutput) {
    byCell = [store]
    gathered = outputs
  }

  /// A plan for the outputs of a job.
  ///
  /// - Throws: `ColumnError` for a column that is none; the outputs of a validated job have no such.
  public init(_ outputs: [OutputSpecification]) throws {
    let store = OutputPlan.storeIndex(outputs)
    if store == nil { byCell.append(OutputPlan.hiddenStore) }
    for (index, output) in outputs.enumerated() {
      var planned = [try OutputPlan.planned(output)]
      if output.provenance && output.format == .ndjson {
        planned.append(try OutputPlan.sidecar(of: output))
      }
      if index == store {
        byCell = planned + byCell
      } else if output.partitionBy.isWithinCell {
        byCell += planned
      } else {
        gathered += planned
      }
    }
  }

  /// Which output can keep every record by cell; rather one with whole days than one with hours.
  private static func storeIndex(_ outputs: [OutputSpecification]) -> Int? {
    let able = outputs.indices.filter {
      outputs[$0].format == .ndjson && outputs[$0].partitionBy.isWithinCell
    }
    return able.first { !outputs[$0].partitionBy.contains(.hour) } ?? able.first
  }

  /// The store of a job none of whose outputs can be it.
  private static let hiddenStore = PlannedOutput(
    name: DatasetLayout.storeOutput, keys: [.account, .region, .dt], options: PartOptions(),
    needsOrigin: false, makeEncoder: { NDJSON() })

  /// What says where the records of an NDJSON output come from: those stay as CloudTrail wrote them.
  ///
  /// A CSV with the partitions and the order of the output, so that it obeys the same rules: it is
  /// in the manifest, and the same inputs always give the same bytes.
  private static func sidecar(of output: OutputSpecification) throws -> PlannedOutput {
    var sidecar = output
    sidecar.format = .csv
    sidecar.name = DatasetLayout.provenanceOutput(output.name)
    sidecar.columns = ["eventID"]
    // One row a record; where the output's files end by size, rows go on in the same file.
    sidecar.maxBytes = nil
    return try planned(sidecar)
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
  public static func columns(_ output: OutputSpecification) throws -> [Column] {
    guard output.format == .csv else { return [] }
    var columns = try output.columns.map { try Column.list(parsing: $0) } ?? Column.defaults
    guard output.provenance else { return columns }
    for provenance in Column.Provenance.allCases
    where !columns.contains(where: { $0.name == provenance.rawValue }) {
      columns.append(Column(.provenance(provenance), name: provenance.rawValue))
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
