public import CloudTrail

/// Conditions on the fields of a record; a record matches when all of them hold.
public struct RecordRule: Sendable {
  /// One field, and the test that its value must pass.
  ///
  /// In an array any element will do, also on the way: `resources.ARN` looks into all resources.
  /// Arrays right inside arrays are not looked into.
  public struct Condition: Sendable {
    public var path: FieldPath
    public var test: Test

    public init(path: FieldPath, test: Test) {
      self.path = path
      self.test = test
    }
  }

  /// What is asked of a field.
  public enum Test: Sendable {
    /// One of the globs matches the field's text: of a string what it says, unescaped; of a number
    /// or boolean its JSON. What is missing, null or an object has no text: not even `*` matches.
    case matches([Glob])
    /// The field is missing or null. `""`, `{}` and `[]` are there.
    case isAbsent
  }

  /// What reports call the rule.
  public var text: String
  public var conditions: [Condition]

  public init(text: String, conditions: [Condition]) {
    self.text = text
    self.conditions = conditions
  }
}

/// Which records are taken, and what those that are left out are counted under.
///
/// The tests are in the order of the properties; a record counts under the first that leaves it
/// out. A record without a usable time is rejected whatever the filter says: nothing that a person
/// has to look at disappears in a selection.
public struct RecordFilter: Sendable {
  /// Families that records of loose files may belong to.
  public var families: Set<Family> = [.events]
  /// The first event time taken, in seconds since 1970.
  public var from: Int64?
  /// The first event time no longer taken, in seconds since 1970.
  public var to: Int64?
  /// Whether `to` goes on with the time, so that events left out by it are to be taken later.
  public var isToRelative = false
  /// One must match the account of the record's partition; empty takes all.
  public var accounts: [Glob] = []
  /// One must match the region of the record's partition; empty takes all.
  public var regions: [Glob] = []
  /// One must match the record; empty takes all.
  public var include: [RecordRule] = []
  /// None may match the record.
  public var exclude: [RecordRule] = []

  public init() {}

  /// Whether there is anything to test but the family.
  var hasTests: Bool {
    from != nil || to != nil || !accounts.isEmpty || !regions.isEmpty || !include.isEmpty
      || !exclude.isEmpty
  }

  /// Whether an event is left out only until `to` has passed its time.
  func postpones(_ time: EventTime) -> Bool {
    guard isToRelative, let to else { return false }
    return time.seconds >= to
  }

  /// What reports call the reasons for leaving a record out, by `FilterReason.number`.
  public var reasons: [String] {
    Family.allCases.map { "family: \($0.rawValue)" }
      + ["from/to", "accounts", "regions", "include: no rule matches"]
      + exclude.map { "exclude: {\($0.text)}" }
  }
}

/// Why a record is left out.
enum FilterReason: Equatable {
  /// It is in a loose file and belongs to a family that is not read.
  case family(Family)
  case time, account, region, noInclude
  /// The place of a rule in `RecordFilter.exclude`.
  case exclude(Int)

  /// Its place in `RecordFilter.reasons`.
  var number: Int {
    let families = Family.allCases
    return switch self {
    case .family(let family): families.firstIndex(of: family) ?? 0
    case .time: families.count
    case .account: families.count + 1
    case .region: families.count + 2
    case .noInclude: families.count + 3
    case .exclude(let rule): families.count + 4 + rule
    }
  }
}
