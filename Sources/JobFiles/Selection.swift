public import CloudTrail

/// Which records a job takes; what an empty selection leaves out is nothing.
public struct Selection: Sendable, Equatable {
  /// The first event time taken.
  public var from: TimeBound?
  /// The first event time no longer taken.
  public var to: TimeBound?
  /// The first delivery date taken: the date in a file's path.
  ///
  /// Without it, the day of `from`. A file whose path has no date is read whatever the dates.
  public var deliveredFrom: DayBound?
  /// The first delivery date no longer taken.
  ///
  /// Without it, 31 days after the last day before `to`: an event may be delivered 30 days late.
  public var deliveredTo: DayBound?
  /// Shell globs; a record's account must match one of them; empty takes all.
  ///
  /// The account of its partition is meant, and the account in its file's path as well, if that has
  /// one: files of other accounts are not opened. The same goes for `regions`, except for old files that
  /// may hold events of global services.
  public var accounts: [String] = []
  /// Shell globs; a record's region must match one of them; empty takes all.
  public var regions: [String] = []
  /// Shell globs; the organization id in a file's path must match one of them; empty takes all.
  ///
  /// A file whose path has none is not opened then: records do not say it.
  public var orgIDs: [String] = []
  /// When there are any, a record must match one of them.
  public var include: [SelectionRule] = []
  /// A record that matches one of them is left out.
  public var exclude: [SelectionRule] = []

  public init() {}
}

/// An instant as the user wrote it, and what that means in this run.
public struct TimeBound: Sendable, Equatable {
  /// As written: `yesterday` stays `yesterday`, so that a job is the same job every night.
  public var text: String
  public var secondsSince1970: Int64

  /// Whether the text means another instant at another time: `yesterday`, `7d`.
  public var isRelative: Bool { TimeExpression.isRelative(text) }

  public init(text: String, secondsSince1970: Int64) {
    self.text = text
    self.secondsSince1970 = secondsSince1970
  }
}

/// A UTC date as the user wrote it, and what that means in this run.
public struct DayBound: Sendable, Equatable {
  /// As written: `7d` stays `7d`, so that a job is the same job every night.
  public var text: String
  public var day: Day

  public init(text: String, day: Day) {
    self.text = text
    self.day = day
  }
}

/// Conditions on the fields of a record; a record matches when all of them hold.
public struct SelectionRule: Sendable, Equatable {
  /// One field, and the patterns; one of them must match its text.
  public struct Condition: Sendable, Equatable {
    /// A dotted path, as in `userIdentity.type`.
    public var path: String
    /// Shell globs, never empty; numbers and booleans as their JSON text.
    public var patterns: [String]

    public init(path: String, patterns: [String]) {
      self.path = path
      self.patterns = patterns
    }
  }

  /// In the order written, each path once.
  public var conditions: [Condition]
  /// Dotted paths of fields that must be missing or null; empty only if there are conditions.
  public var absent: [String]

  public init(conditions: [Condition], absent: [String] = []) {
    self.conditions = conditions
    self.absent = absent
  }
}
