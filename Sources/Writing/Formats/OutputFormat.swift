public import CloudTrail

/// A kind of files that an output can be written in, with the options that one output gives it.
///
/// Everything that knows a format is in this folder: to add one, write a type here that conforms to
/// this protocol, and name it in `OutputFormats`. Whoever reads job files, writes partitions,
/// verifies datasets or defines tables asks this protocol, and never which format it is.
public protocol OutputFormat: Sendable, Equatable {
  /// What job files call it, in lower case.
  var name: String { get }

  /// What the names of its files end in, before what compression adds.
  var fileExtension: String { get }

  /// Its own keys in a job file, beside those of every output.
  static var options: [FormatOption<Self>] { get }

  /// Keys of every output that mean nothing here, each with the reason: a clause after a colon.
  var refusedKeys: [String: String] { get }

  /// How an output is partitioned that does not say.
  var defaultPartitionKeys: [PartitionKey] { get }

  /// The most records in a file; nil where files have no limit of their own.
  var maximumRows: RowLimit? { get }

  /// The size in bytes, before compression, past which a file would not be one of the format; nil where
  /// files have no limit of their own.
  var maximumBytes: Int? { get }

  /// Where it is said which input a record comes from.
  var provenance: ProvenancePlace { get }

  /// What its files hold, as far as records can be found in them again.
  var contents: FileContents { get }

  /// What is wrong with the options seen together; each option alone has been checked.
  var problems: [FormatProblem] { get }

  /// How records become files.
  ///
  /// - Parameter withProvenance: Whether records are to say where they come from, in a format in
  ///   which they can.
  /// - Returns: What makes encoders, with all that follows from the options worked out.
  /// - Throws: What makes the options unusable; never for options without `problems`.
  func encoding(withProvenance: Bool) throws -> RecordEncoding

  /// What query engines have to know to read the files.
  ///
  /// - Parameter withProvenance: As for `encoding`.
  /// - Returns: The shape, with the columns as the files have them.
  /// - Throws: `UnreadableFormat` when engines cannot read the files; else as `encoding`.
  func tableShape(withProvenance: Bool) throws -> TableShape
}

extension OutputFormat {
  public var fileExtension: String { name }
  public static var options: [FormatOption<Self>] { [] }
  public var refusedKeys: [String: String] { [:] }
  public var defaultPartitionKeys: [PartitionKey] { [.account, .region, .dt] }
  public var maximumRows: RowLimit? { nil }
  public var maximumBytes: Int? { nil }
  public var problems: [FormatProblem] { [] }

  /// Whether an output of this format can be the store.
  var isRecordLines: Bool {
    if case .recordLines = contents { true } else { false }
  }

  /// Whether this is the same format with the same options.
  func isEqual(to other: any OutputFormat) -> Bool { (other as? Self) == self }
}

/// How many records a file can hold.
public struct RowLimit: Sendable, Equatable {
  public var count: Int
  /// What sets the limit, as in `the rows that Excel shows`.
  public var reason: String

  public init(_ count: Int, _ reason: String) {
    self.count = count
    self.reason = reason
  }
}

/// Where it is said which input a record comes from.
public enum ProvenancePlace: Sendable {
  /// In two fields more of the record's row.
  case fields
  /// In a file beside, since records stay as CloudTrail wrote them.
  case sidecar
}

/// What is wrong with options of a format that each alone are right.
public struct FormatProblem: Sendable, Equatable {
  /// The key that the user has to change: one of the format's own, or `format`.
  public var option: String
  /// What was expected of it.
  public var message: String

  public init(_ option: String, _ message: String) {
    self.option = option
    self.message = message
  }
}
