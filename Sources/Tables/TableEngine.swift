import Bytes

/// A query engine that can be shown where a dataset is.
///
/// To add one, write a type in this folder and name it in `TableEngines.all`.
public protocol TableEngine: Sendable {
  /// What the command line calls it.
  static var name: String { get }

  /// What begins a comment in its language.
  static var commentMark: String { get }

  /// The choices of a user that mean something to it.
  static var choices: Set<TableOptions.Choice> { get }

  /// The statements that define the tables, with a comment where something is to be known.
  ///
  /// - Parameters:
  ///   - tables: At least one.
  ///   - options: What the user chose.
  /// - Returns: The text, without a line break at its end.
  /// - Throws: `TableError` when the engine cannot read files at that place.
  static func script(
    for tables: [TableDescription], _ options: TableOptions
  ) throws(TableError) -> String
}

extension TableEngine {
  public static var commentMark: String { "--" }
  public static var choices: Set<TableOptions.Choice> { [] }

  /// The definitions of a dataset's tables; for a dataset without records, a comment.
  ///
  /// - Parameters:
  ///   - tables: All that the engine can read.
  ///   - options: What the user chose.
  /// - Returns: The text, without a line break at its end.
  /// - Throws: `TableError` when the engine cannot read files at that place.
  public static func definitions(
    of tables: [TableDescription], _ options: TableOptions
  ) throws(TableError) -> String {
    if tables.isEmpty {
      return "\(commentMark) The dataset has no records yet: there is nothing to define."
    }
    return try script(for: tables, options)
  }

  /// Sentences as comments, a line each.
  static func comments(_ sentences: [String]) -> String {
    sentences.map { "\(commentMark) \($0)\n" }.joined()
  }
}

/// A place that an engine cannot read, and why.
public struct TableError: Error, Equatable, CustomStringConvertible {
  /// The dataset's place as the engine would see it.
  public let location: String
  public let reason: String
  /// What to do.
  private let remedy: String

  init(
    location: String, reason: String,
    remedy: String = "use --location with another path to the dataset, such as a link's"
  ) {
    (self.location, self.reason, self.remedy) = (location, reason, remedy)
  }

  public var description: String { "\(location): \(reason); \(remedy)" }
}

/// What the user may choose about table definitions.
public struct TableOptions: Sendable {
  /// Something that not every engine has, by the flag that chooses it.
  public enum Choice: String, Sendable {
    case projection
    case temporary
    case parquet
  }

  /// The dataset's place as the engine sees it, without a slash at the end; nil is the default of
  /// the engine: the folder on this machine, or a placeholder in S3.
  public var location: String?
  /// Athena: whether partitions are worked out from the query instead of a catalogue.
  public var projectsPartitions = true
  /// Spark: whether the definitions last for a session, and need no catalogue.
  public var areTemporary = false
  /// DuckDB: the folder to which the records are written as Parquet.
  public var parquetFolder: String?

  public init() {}

  /// Where the files of a dataset are.
  ///
  /// - Throws: `TableError` for a folder whose name no statement can hold.
  func root(of table: TableDescription) throws(TableError) -> String {
    if let location { return location }
    guard let path = String(validating: table.dataset.bytes, as: UTF8.self) else {
      throw TableError(location: table.dataset.description, reason: "its name is not UTF-8")
    }
    return path
  }
}

/// The engines by name.
public enum TableEngines {
  public static let all: [any TableEngine.Type] = [
    AthenaTables.self, ClickHouseTables.self, DuckDBTables.self, PandasTables.self,
    PolarsTables.self, SparkTables.self,
  ]

  /// The engine that the command line calls `name`.
  public static func named(_ name: String) -> (any TableEngine.Type)? {
    all.first { $0.name == name }
  }
}
