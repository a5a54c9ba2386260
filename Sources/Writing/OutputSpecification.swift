public import CloudTrail
import Dataset

/// One output of a job: a tree of files in one format.
public struct OutputSpecification: Sendable, Equatable {
  public enum Compression: Sendable, Equatable {
    case none
    /// A level from 1, fast, to 9, small.
    case gzip(level: Int)
  }

  /// The name of the output's folder in the dataset.
  public var name: String
  private var chosen: Chosen
  /// The folders from the outside in; empty is one folder.
  public var partitionBy: [PartitionKey]
  public var compression = Compression.none
  /// The most records in a file; `nil` is no limit.
  public var maxRows: Int?
  /// The size in bytes past which a new file begins; `nil` is no limit.
  public var maxBytes: Int?
  /// Whether each record says which input it comes from.
  public var provenance = false

  /// An output with the defaults of its format, and named like it.
  public init(_ format: some OutputFormat) {
    chosen = Chosen(format: format)
    name = format.name
    partitionBy = format.defaultPartitionKeys
  }

  /// The format with its options.
  public var format: any OutputFormat {
    get { chosen.format }
    set { chosen.format = newValue }
  }

  /// The outputs of a job that names none.
  public static let defaults = OutputFormats.defaults.map { OutputSpecification($0) }

  /// The names of its files.
  public var partNames: PartNames {
    PartNames(
      fileExtension: format.fileExtension, isCompressed: compression != .none,
      areHidden: DatasetLayout.isHidden(output: name))
  }

  /// Lets outputs be compared, format and all.
  private struct Chosen: Sendable, Equatable {
    var format: any OutputFormat

    static func == (left: Chosen, right: Chosen) -> Bool { left.format.isEqual(to: right.format) }
  }
}

/// The names of the files of an output, which are the same in every partition.
public struct PartNames: Sendable, Equatable {
  /// `ndjson`, or `ndjson.gz`.
  private let ending: String
  private let areHidden: Bool

  /// - Parameters:
  ///   - fileExtension: Without what compression adds.
  ///   - isCompressed: Whether the files are gzip.
  ///   - areHidden: Whether the files are no output of the job.
  public init(fileExtension: String, isCompressed: Bool = false, areHidden: Bool = false) {
    ending = fileExtension + (isCompressed ? ".gz" : "")
    self.areHidden = areHidden
  }

  /// The name of a file, numbered from 0: `part-00000.csv.gz`.
  public func name(_ number: Int) -> String {
    PartName(number: number, ending: ending, isHidden: areHidden).text
  }

  /// The shell glob for all of them: `part-*.csv.gz`.
  public var glob: String { PartName.glob(ending: ending) }
}
