public import Bytes
public import CloudTrail
import Dataset
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
  public var shape: TableShape
  public var partNames: PartNames
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

  /// The shell glob for its files, as in `part-*.csv.gz`.
  public var fileGlob: String { partNames.glob }

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
  /// - Throws: `UnreadableFormat` when query engines cannot read the output's files.
  init(
    _ output: OutputSpecification, _ family: Family, _ cells: [Cell], _ dataset: Path
  ) throws {
    name = TableDescription.identifier("\(family.rawValue)_\(output.name)")
    shape = try output.format.tableShape(withProvenance: output.provenance)
    partNames = output.partNames
    isCompressed = output.compression != .none
    keys = output.partitionBy
    switch shape {
    case .jsonLines: columns = TableDescription.recordFields
    case .delimited(let names, _): columns = names.map { Column(name: $0, kind: .text) }
    }
    self.dataset = dataset
    folder = DatasetLayout.outputFolder(output.name, family).description
    firstDay = (cells.map(\.day).min() ?? Day(daysSince1970: 0)).description
    regions = Set(cells.map(\.region)).sorted().map { $0.encoded.span.text() }
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

  /// A text literal of Hive and Spark, where a backslash begins an escape.
  var hiveLiteral: String {
    "'" + replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }

  /// The first of the characters that the text holds.
  func first(of characters: String) -> Character? { first { characters.contains($0) } }
}
