import Bytes
import CloudTrail

/// How Athena works out from a query which folders to read, so that no catalogue has to learn of new
/// ones.
///
/// It needs the values that a key can have:
///
/// - dates are a range up to `NOW`;
/// - regions are all that AWS has, with those of the dataset, since a region missing from the list
///   would be missing from every answer, in silence;
/// - accounts are `injected`: no list, but every query has to say `account = '…'` or
///   `account IN (…)`.
///
/// https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
struct AthenaProjection {
  private let table: TableDescription

  /// Nil where partitions have to be in the catalogue.
  init?(of table: TableDescription) {
    guard !table.keys.isEmpty, AthenaProjection.obstacle(table) == nil else { return nil }
    self.table = table
  }

  /// Why a table's partitions cannot be worked out; nil if they can.
  private static func obstacle(_ table: TableDescription) -> String? {
    if table.keys.contains(.dt), table.keys.contains(.year) || table.keys.contains(.month) {
      return "each month would be looked for in each year, and each day in each month"
    }
    if table.keys.contains(.region), let region = table.regions.first(where: { $0.contains(",") }) {
      return "a comma ends a value, and there is the region \(printable(region))"
    }
    return nil
  }

  static func notes(on table: TableDescription, _ projection: AthenaProjection?) -> [String] {
    if let obstacle = obstacle(table), !table.keys.isEmpty {
      return ["Partitions are in the catalogue: \(obstacle)."]
    }
    guard projection != nil else { return [] }
    var notes: [String] = []
    if table.keys.contains(.account) {
      notes.append("Every query has to name its accounts: WHERE account = '…' or account IN (…).")
      notes.append("For queries over all accounts: --no-projection, with MSCK REPAIR TABLE.")
    }
    if table.keys.contains(where: { [.dt, .month, .year].contains($0) }) {
      notes.append("A query without a date looks at every day since \(table.firstDay).")
      notes.append("Event days before it are not seen: run this again after adding some.")
    }
    if table.keys.contains(.region) {
      notes.append("A region other than AWS's own is written as its folder: 'eu%3Awest'.")
    }
    return notes
  }

  /// The properties of the table.
  func properties(location: String) -> [(String, String)] {
    let folders = table.keys.map { "\($0.rawValue)=${\($0.rawValue)}/" }.joined()
    return [("projection.enabled", "true")] + table.keys.flatMap(projection)
      + [("storage.location.template", location + folders)]
  }

  private func projection(of key: PartitionKey) -> [(String, String)] {
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
      let regions = Set(AthenaProjection.allRegions + table.regions).sorted()
      return [("\(name).type", "enum"), ("\(name).values", regions.joined(separator: ","))]
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
