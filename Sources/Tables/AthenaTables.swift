import CloudTrail
import Writing

/// External tables for Amazon Athena.
///
/// With partition projection, Athena works out from the query which folders to read, and no
/// catalogue has to learn of new ones. It needs the values that a key can have:
///
/// - dates are a range up to `NOW`;
/// - regions are all that AWS has, with those of the dataset, since a region missing from the list
///   would be missing from every answer, in silence;
/// - accounts are `injected`: no list, but every query has to say `account = '…'` or
///   `account IN (…)`.
///
/// https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html, and for
/// LOCATION https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
enum AthenaTables: TableEngine {
  static let name = "athena"

  static func definition(
    of table: TableDescription, _ options: TableOptions
  ) throws(TableError) -> String {
    let root = options.location ?? "s3://YOUR-BUCKET/YOUR-PREFIX"
    if let wildcard = root.first(of: "*?[]{}") {
      throw TableError(
        location: root, reason: "Athena forbids wildcards in a location, such as \(wildcard)")
    }
    let location = "\(root)/\(table.folder)/"
    let columns = table.columns { adapted($0) }.map { column in
      "  `\(column.name)` \(column.kind == .boolean ? "boolean" : "string")"
    }
    let isProjected = options.projectsPartitions && !table.keys.isEmpty
    let comments = notes(table, isProjected: isProjected, hasLocation: options.location != nil)
    var statement = comments.map { "-- \($0)\n" }.joined()
    statement += """
      CREATE EXTERNAL TABLE IF NOT EXISTS `\(table.name)` (
      \(columns.joined(separator: ",\n")))
      """
    if !table.keys.isEmpty {
      let keys = table.keys.map { "`\($0.rawValue)` string" }.joined(separator: ", ")
      statement += "\nPARTITIONED BY (\(keys))"
    }
    statement += "\n\(rowFormat(table.shape))\nLOCATION \(location.hiveLiteral)"
    let properties = properties(table, location: location, isProjected: isProjected)
    if !properties.isEmpty {
      let lines = properties.map { "  '\($0)' = \($1.hiveLiteral)" }
      statement += "\nTBLPROPERTIES (\n\(lines.joined(separator: ",\n")))"
    }
    statement += ";"
    if !isProjected && !table.keys.isEmpty {
      statement += "\n\n-- Again after every run that adds partitions:\n"
      statement += "MSCK REPAIR TABLE `\(table.name)`;"
    }
    return statement
  }

  private static func notes(
    _ table: TableDescription, isProjected: Bool, hasLocation: Bool
  ) -> [String] {
    var notes: [String] = []
    if !hasLocation {
      notes.append("Put the place of the dataset in S3 into LOCATION (--location).")
    }
    if isProjected && table.keys.contains(.account) {
      notes.append("Every query has to name its accounts: WHERE account = '…' or account IN (…).")
      notes.append("For queries over all accounts: --no-projection, with MSCK REPAIR TABLE.")
    }
    if isProjected && !dateKeys(table.keys).isEmpty {
      notes.append(
        "Event days before \(table.firstDay) are not seen: run this again after adding some.")
    }
    if case .delimited(_, let remedy?) = table.shape {
      notes.append("A line break in a field ends the row for Athena: \(remedy).")
    }
    return notes
  }

  private static func dateKeys(_ keys: [PartitionKey]) -> [PartitionKey] {
    keys.filter { $0 == .dt || $0 == .month || $0 == .year }
  }

  /// Lower case, and no dots, which Hive's column names cannot have.
  private static func adapted(_ name: String) -> String {
    TableDescription.identifier(name)
  }

  private static func rowFormat(_ shape: TableShape) -> String {
    switch shape {
    case .jsonLines:
      return """
        ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
        WITH SERDEPROPERTIES ('ignore.malformed.json' = 'false')
        """
    case .delimited:
      // The default escape, a backslash, would be taken out of the fields; RFC 4180 has none, and
      // the SerDe wants one, so it gets a character that does not occur.
      return """
        ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
        WITH SERDEPROPERTIES ('separatorChar' = ',', 'quoteChar' = '"', 'escapeChar' = '\\u0001')
        """
    }
  }

  private static func properties(
    _ table: TableDescription, location: String, isProjected: Bool
  ) -> [(String, String)] {
    var properties: [(String, String)] = []
    if case .delimited = table.shape { properties.append(("skip.header.line.count", "1")) }
    guard isProjected else { return properties }
    properties.append(("projection.enabled", "true"))
    for key in table.keys { properties += projection(of: key, table) }
    let folders = table.keys.map { "\($0.rawValue)=${\($0.rawValue)}/" }.joined()
    properties.append(("storage.location.template", location + folders))
    return properties
  }

  private static func projection(
    of key: PartitionKey, _ table: TableDescription
  ) -> [(String, String)] {
    let name = "projection.\(key.rawValue)"
    func dates(_ start: some StringProtocol, _ format: String, _ unit: String) -> [(String, String)]
    {
      [
        ("\(name).type", "date"), ("\(name).range", "\(start),NOW"), ("\(name).format", format),
        ("\(name).interval", "1"), ("\(name).interval.unit", unit),
      ]
    }
    switch key {
    case .account: return [("\(name).type", "injected")]
    case .region:
      let regions = Set(allRegions + table.regions).sorted().joined(separator: ",")
      return [("\(name).type", "enum"), ("\(name).values", regions)]
    case .dt: return dates(table.firstDay, "yyyy-MM-dd", "DAYS")
    case .month: return dates(table.firstDay.prefix(7), "yyyy-MM", "MONTHS")
    case .year: return dates(table.firstDay.prefix(4), "yyyy", "YEARS")
    case .hour:
      return [("\(name).type", "integer"), ("\(name).range", "0,23"), ("\(name).digits", "2")]
    }
  }

  /// Every region of AWS, also those of China and the US government (AWS General Reference,
  /// "Regions and endpoints").
  private static let allRegions = [
    "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
    "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
    "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-central-1",
    "ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-north-1",
    "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1",
    "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2",
    "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2",
  ]
}
