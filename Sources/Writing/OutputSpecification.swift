public import CloudTrail

/// One output of a job: a tree of files in one format.
public struct OutputSpecification: Sendable, Equatable {
  public enum Format: String, CaseIterable, Sendable {
    case ndjson
    case csv
  }

  public enum Compression: Sendable, Equatable {
    case none
    /// A level from 1, fast, to 9, small.
    case gzip(level: Int)
  }

  /// The name of the output's folder in the dataset.
  public var name: String
  public var format: Format
  /// The folders from the outside in; empty is one folder.
  public var partitionBy: [PartitionKey] = [.account, .region, .dt]
  public var compression = Compression.none
  /// For CSV only, as are `formulas` and `columns`.
  public var profile = CSVProfile.plain
  public var formulas = FormulaPolicy.defuse
  /// The columns' texts, as in `requestParameters.bucketName as bucket`; `nil` is the default set.
  public var columns: [String]?
  /// The most records in a file; `nil` is no limit.
  public var maxRows: Int?
  /// The size in bytes past which a new file begins; `nil` is no limit.
  public var maxBytes: Int?
  /// Whether each record says which input it comes from.
  public var provenance = false

  /// An output with the defaults of its format, and named like it.
  public init(_ format: Format) {
    self.format = format
    name = format.rawValue
  }

  /// The outputs of a job that names none.
  public static let defaults = Format.allCases.map { OutputSpecification($0) }
}
