public import Bytes
public import CloudTrail
import Dataset
public import Writing

/// One table of a dataset: an output's files of one family.
///
/// It says what there is to know; an engine says it in its own words.
public struct TableDescription: Sendable {
  /// A column of the files.
  public struct Column: Sendable, Equatable {
    /// The name in the header of a CSV, or the key in a record.
    public var name: String
    public var kind: Kind
  }

  /// What a column's values are.
  public enum Kind: Sendable, Equatable {
    /// Text, a number or a truth value, all as text.
    case text
    /// An object or an array, as its JSON.
    case json
  }

  /// `events_ndjson`: letters, digits and `_`.
  public var name: String
  public var family: Family
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
  /// The records in the files that strict readers of JSON refuse.
  public var textFlaws: TextFlawCounts

  /// The shell glob for its files, as in `part-*.csv.gz`.
  public var fileGlob: String { partNames.glob }

  /// Whether the files hold records as JSON.
  public var holdsRecords: Bool { if case .jsonLines = shape { true } else { false } }

  /// The name of the view that has typed columns; nil for files whose columns are the job's choice.
  var typedName: String? { holdsRecords ? name + "_typed" : nil }

  /// Takes a name under which no other table or view is, which would be replaced in silence.
  ///
  /// - Parameter taken: The names of the tables before this one, and of their views.
  mutating func reserveName(in taken: inout Set<String>) {
    let wanted = name
    var number = 2
    while !taken.isDisjoint(with: names) {
      name = "\(wanted)_\(number)"
      number += 1
    }
    taken.formUnion(names)
  }

  /// The names of the table and of the views that an engine may define on top of it.
  private var names: [String] { [name, name + "_typed", name + "_records"] }

  /// The columns under names that differ from each other and from the partition keys, also for
  /// engines to which case means nothing.
  ///
  /// - Parameters:
  ///   - reserved: Names in lower case that the engine has for columns of its own.
  ///   - adapt: Makes a name that the engine takes.
  /// - Returns: The columns in the order of the files.
  public func columns(
    besides reserved: Set<String> = [], named adapt: (String) -> String
  ) -> [Column] {
    var taken = reserved.union(keys.map(\.rawValue))
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
    _ output: OutputSpecification, _ family: Family, _ cells: [Cell: CellSummary],
    _ dataset: Path
  ) throws {
    name = TableDescription.identifier("\(family.rawValue)_\(output.name)")
    self.family = family
    shape = try output.format.tableShape(withProvenance: output.provenance)
    partNames = output.partNames
    isCompressed = output.compression != .none
    keys = output.partitionBy
    textFlaws = TextFlawCounts()
    switch shape {
    case .jsonLines(let hasExactText):
      columns = RecordColumns.all(of: family)
      if hasExactText {
        textFlaws = cells.values.reduce(into: TextFlawCounts()) { $0 += $1.textFlaws }
      }
    case .delimited(let names, _): columns = names.map { Column(name: $0, kind: .text) }
    }
    self.dataset = dataset
    folder = DatasetLayout.outputFolder(output.name, family).description
    firstDay = (cells.keys.map(\.day).min() ?? Day(daysSince1970: 0)).description
    regions = Set(cells.keys.map(\.region)).sorted().map { $0.encoded.span.text() }
  }

  /// Letters, digits and `_`, in lower case, beginning with a letter.
  static func identifier(_ text: String) -> String {
    let plain = text.lowercased().unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        ? Character(scalar) : "_"
    }
    return String(plain)
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
