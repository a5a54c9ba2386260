public import Bytes
public import CloudTrail
import Dataset
import JobFiles
public import Writing

/// One table of a dataset: an output's files of one family.
public struct TableDescription: Sendable {
  /// A column of the files.
  public struct Column: Sendable, Equatable {
    /// The name in the header of a CSV, or the key in a record.
    public var name: String
    public var kind: Kind
  }

  /// What a column's values are.
  public enum Kind: Sendable, Equatable {
    case text
    /// `true` or `false`; in a CSV, text like everything else.
    case boolean
    /// An object or an array, as its JSON.
    case json
  }

  /// `events_ndjson`: letters, digits and `_`.
  public var name: String
  public var format: OutputSpecification.Format
  public var isCompressed: Bool
  public var keys: [PartitionKey]
  public var columns: [Column]
  /// The absolute path of the dataset.
  public var dataset: Path
  /// The folder of the table's files below the dataset.
  public var folder: String
  /// The first event day there is, `YYYY-MM-DD`.
  public var firstDay: String
  /// The regions there are, as folder names have them.
  public var regions: [String]
  /// Whether a cell can hold a line break, which some engines take for the end of a row.
  public var mayHoldLineBreaks: Bool

  /// `part-*.csv.gz`.
  public var fileGlob: String { "part-*.\(format.rawValue)\(isCompressed ? ".gz" : "")" }

  /// The columns under names that differ from each other and from the partition keys, also for
  /// engines to which case means nothing.
  ///
  /// - Parameter adapt: Makes a name that the engine takes.
  /// - Returns: The columns in the order of the files.
  public func columns(named adapt: (String) -> String) -> [Column] {
    var taken = Set(keys.map(\.rawValue))
    return columns.map { column in
      let wanted = adapt(column.name)
      var name = wanted
      var number = 2
      while !taken.insert(name.lowercased()).inserted {
        name = "\(wanted)_\(number)"
        number += 1
      }
      return Column(name: name, kind: column.kind)
    }
  }
}

extension TableDescription {
  /// The tables of a dataset: for each output, one of each family that has records.
  ///
  /// - Throws: `DatasetError.absent` or `damaged`.
  public static func all(in dataset: Path) throws -> [TableDescription] {
    let root = try DatasetLayout.existing(dataset)
    let layout = DatasetLayout(root)
    let manifest = try Manifest(of: layout)
    let outputs: [OutputSpecification]
    do {
      outputs = try Job(describedBy: JobFingerprint(lines: manifest.job)).outputs
    } catch {
      throw DatasetError.damaged(layout.manifest, "its description of the job")
    }
    let families = Family.allCases.filter { family in
      manifest.cells.keys.contains { $0.family == family }
    }
    return try outputs.flatMap { output in
      try families.map { family in
        try TableDescription(
          output, family, manifest.cells.keys.filter { $0.family == family }, root)
      }
    }
  }

  private init(
    _ output: OutputSpecification, _ family: Family, _ cells: [Cell], _ dataset: Path
  ) throws {
    name = TableDescription.identifier("\(family.rawValue)_\(output.name)")
    format = output.format
    isCompressed = output.compression != .none
    keys = output.partitionBy
    switch output.format {
    case .ndjson: columns = TableDescription.recordFields
    case .csv:
      columns = try OutputPlan.columns(output).map { Column(name: $0.name, kind: .text) }
    }
    self.dataset = dataset
    folder = DatasetLayout.outputFolder(output.name, family).description
    firstDay = (cells.map(\.day).min() ?? Day(daysSince1970: 0)).description
    regions = Set(cells.map(\.region)).sorted().map { $0.encoded.span.text() }
    mayHoldLineBreaks = output.format == .csv && output.profile == .plain
  }

  /// Letters, digits and `_`, in lower case, beginning with a letter.
  static func identifier(_ text: String) -> String {
    let plain = text.lowercased().unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        ? Character(scalar) : "_"
    }
    return String(plain)
  }

  /// The top-level fields of a record (CloudTrail User Guide, "CloudTrail record contents").
  private static let recordFields: [Column] =
    text("eventVersion") + json("userIdentity")
    + text("eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent")
    + text("errorCode", "errorMessage")
    + json("requestParameters", "responseElements", "additionalEventData")
    + text("requestID", "eventID", "eventType", "apiVersion")
    + boolean("managementEvent", "readOnly")
    + json("resources") + text("recipientAccountId", "sharedEventID", "vpcEndpointId")
    + json("serviceEventDetails", "addendum", "tlsDetails")
    + text("vpcEndpointAccountId", "eventCategory", "sessionCredentialFromConsole")
    + json("edgeDeviceDetails", "insightDetails")

  private static func text(_ names: String...) -> [Column] {
    names.map { Column(name: $0, kind: .text) }
  }

  private static func json(_ names: String...) -> [Column] {
    names.map { Column(name: $0, kind: .json) }
  }

  private static func boolean(_ names: String...) -> [Column] {
    names.map { Column(name: $0, kind: .boolean) }
  }
}

extension String {
  /// The text between `quote`s, those inside doubled: how SQL writes names and texts.
  func quoted(_ quote: Character) -> String {
    let quote = String(quote)
    return quote + replacing(quote, with: quote + quote) + quote
  }
}
