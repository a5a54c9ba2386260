import Bytes

/// A query engine that can be shown where a dataset is.
///
/// To add one, write a type in this folder and name it in `all`.
public protocol TableEngine: Sendable {
  /// What the command line calls it.
  static var name: String { get }

  /// The statements that define a table, each ending in `;`, with a comment where something is to
  /// be known.
  ///
  /// - Throws: `TableError` when the engine cannot read files at that place.
  static func definition(
    of table: TableDescription, _ options: TableOptions
  ) throws(TableError) -> String
}

/// A place that an engine cannot read, and why.
public struct TableError: Error, Equatable, CustomStringConvertible {
  /// The dataset's place as the engine would see it.
  public let location: String
  public let reason: String

  public var description: String {
    "\(location): \(reason); use --location with another path to the dataset, such as a link's"
  }
}

/// What the user may choose about table definitions.
public struct TableOptions: Sendable {
  /// The dataset's place as the engine sees it, without a slash at the end; nil is the default of
  /// the engine: the folder on this machine, or a placeholder in S3.
  public var location: String?
  /// Athena: whether partitions are worked out from the query instead of a catalogue.
  public var projectsPartitions = true

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
    AthenaTables.self, ClickHouseTables.self, DuckDBTables.self, SparkTables.self,
  ]

  /// The engine that the command line calls `name`.
  public static func named(_ name: String) -> (any TableEngine.Type)? {
    all.first { $0.name == name }
  }
}
