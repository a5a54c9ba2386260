public import Bytes
public import CloudTrail
public import Dataset

/// One output of the job, ready to be written.
public struct PlannedOutput: Sendable {
  /// The folder's name in the dataset.
  public var name: String
  public var keys: [PartitionKey]
  public var options: PartOptions
  public var encoding: RecordEncoding
  /// What the files hold, for whoever reads them again.
  public var contents: FileContents
  /// What the job says of it.
  private let specification: OutputSpecification

  /// Plans an output of a job.
  ///
  /// - Throws: What is wrong with its format's options; nothing for the outputs of a validated job.
  init(_ output: OutputSpecification) throws {
    name = output.name
    keys = output.partitionBy
    options = PartOptions(output)
    encoding = try output.format.encoding(withProvenance: output.provenance)
    contents = output.format.contents
    specification = output
  }

  var isCompressed: Bool { specification.compression != .none }

  /// Whether the files of the two hold the same bytes wherever the records are the same.
  func hasSameBytes(as other: PlannedOutput) -> Bool {
    var renamed = specification
    renamed.name = other.specification.name
    return renamed == other.specification
  }

  /// The folder of a partition, relative to the dataset.
  public func folder(of cell: Cell, hour: Int = 0) -> Path {
    DatasetLayout.outputFolder(name, cell.family).appending(cell.folder(by: keys, hour: hour))
  }

  /// The folder that has all hours of a partition.
  public func dayFolder(of cell: Cell) -> Path {
    DatasetLayout.outputFolder(name, cell.family)
      .appending(cell.folder(by: keys.filter { $0 != .hour }, hour: 0))
  }

  /// Every folder that can hold records of a cell.
  public func folders(of cell: Cell) -> [Path] {
    keys.contains(.hour) ? (0..<24).map { folder(of: cell, hour: $0) } : [folder(of: cell)]
  }
}

/// The outputs of a job: those written cell by cell, and those whose partitions gather cells.
public struct OutputPlan: Sendable {
  /// Every partition is within one cell.
  ///
  /// The first is the store: the records themselves.
  public private(set) var byCell: [PlannedOutput] = []
  /// A partition gathers several cells, which are read back from the store.
  public private(set) var gathered: [PlannedOutput] = []

  /// How the store is written if it is a hidden one.
  public private(set) var storeCompression = StoreCompression.none

  /// The output that keeps every record by cell.
  public var store: PlannedOutput { byCell[0] }

  /// A plan that writes outputs from the records in `store`, whatever they are partitioned by.
  public init(gathering outputs: [PlannedOutput], store: PlannedOutput) {
    byCell = [store]
    gathered = outputs
  }

  /// A plan for the outputs of a job.
  ///
  /// - Parameters:
  ///   - outputs: Those of the job.
  ///   - compression: How a store is written that is none of them.
  /// - Throws: What is wrong with a format's options; nothing for the outputs of a validated job.
  public init(
    _ outputs: [OutputSpecification], hiddenStore compression: StoreCompression = .gzip
  ) throws {
    let store = OutputPlan.storeIndex(outputs)
    if store == nil {
      storeCompression = compression
      byCell.append(try PlannedOutput(OutputPlan.hiddenStore(compression)))
    }
    for (index, output) in outputs.enumerated() {
      var planned = [try PlannedOutput(output)]
      if output.provenance && output.format.provenance == .sidecar {
        planned.append(try PlannedOutput(OutputPlan.sidecar(of: output)))
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
      outputs[$0].format.isRecordLines && outputs[$0].partitionBy.isWithinCell
    }
    return able.first { !outputs[$0].partitionBy.contains(.hour) } ?? able.first
  }

  /// The store of a job none of whose outputs can be it.
  private static func hiddenStore(_ compression: StoreCompression) -> OutputSpecification {
    var store = OutputSpecification(OutputFormats.store)
    store.name = DatasetLayout.storeOutput
    store.partitionBy = [.account, .region, .dt]
    if compression == .gzip { store.compression = .gzip(level: 1) }
    return store
  }

  /// What says where the records of an output come from that stay as CloudTrail wrote them.
  ///
  /// It has the partitions and the order of the output, so that it obeys the same rules: it is in the
  /// manifest, and the same inputs always give the same bytes.
  private static func sidecar(of output: OutputSpecification) -> OutputSpecification {
    var sidecar = output
    sidecar.format = OutputFormats.sidecar
    sidecar.name = DatasetLayout.provenanceOutput(output.name)
    // One row a record; where the output's files end by size, rows go on in the same file.
    sidecar.maxBytes = nil
    return sidecar
  }
}
