public import CloudTrail
public import Reading

/// What a job's selection means to those who read.
extension Selection {
  /// The tests on records.
  ///
  /// - Throws: `ColumnError` for a rule with a path that is none; a validated job has no such rule.
  public func recordFilter(_ families: [Family]) throws(ColumnError) -> RecordFilter {
    var filter = RecordFilter()
    filter.families = Set(families)
    filter.from = from?.secondsSince1970
    filter.to = to?.secondsSince1970
    filter.isToRelative = to?.isRelative ?? false
    filter.accounts = accounts.map { Glob($0) }
    filter.regions = regions.map { Glob($0) }
    filter.include = try include.map { (rule) throws(ColumnError) in try RecordRule(rule) }
    filter.exclude = try exclude.map { (rule) throws(ColumnError) in try RecordRule(rule) }
    return filter
  }

  /// The tests on the paths of files.
  public var fileFilter: FileFilter {
    var filter = FileFilter()
    filter.accounts = accounts.map { Glob($0) }
    filter.regions = regions.map { Glob($0) }
    filter.organizations = orgIDs.map { Glob($0) }
    filter.deliveredFrom = deliveredFrom?.day ?? firstDelivery
    filter.deliveredTo = deliveredTo?.day ?? endOfDeliveries
    return filter
  }

  /// The first day that can have brought an event which happened at `from`: that day itself.
  private var firstDelivery: Day? {
    from.map { EventTime(seconds: $0.secondsSince1970).day }
  }

  /// The first day that can bring no event any more which happened before `to`; nil if that is none
  /// that can be written.
  private var endOfDeliveries: Day? {
    to.flatMap {
      let end = EventTime(seconds: $0.secondsSince1970 - 1).day
        .advanced(by: Selection.daysOfDelivery + 1)
      return EventTime.representable.contains(end.secondsSince1970) ? end : nil
    }
  }

  /// How many days after an event its delivery may come.
  ///
  /// So long CloudTrail tries again while it cannot reach the bucket (CloudTrail User Guide, log file
  /// delivery); most events come within minutes, on the same day or the next.
  private static let daysOfDelivery = 30

  /// What the user should know about the files that event times alone have chosen; nil when the job
  /// names the delivery dates itself, or no event times.
  public var deliveryNote: String? {
    let first = deliveredFrom == nil ? firstDelivery : nil
    let end = deliveredTo == nil ? endOfDeliveries : nil
    switch (first, end) {
    case (nil, nil): return nil
    case (let first?, nil): return "from: files delivered before \(first) are left out"
    case (_, let end?):
      let start = first.map { "from \($0) " } ?? ""
      return "from/to: files delivered \(start)to \(end.advanced(by: -1)) are read, "
        + "\(Selection.daysOfDelivery) days past the last event: so long CloudTrail may deliver late. "
        + "A complete answer needs the folders of these days in the inputs; deliveredTo reads fewer"
    }
  }
}

extension RecordRule {
  /// Compiles a rule of a job.
  init(_ rule: SelectionRule) throws(ColumnError) {
    let conditions = try rule.conditions.map { (condition) throws(ColumnError) in
      Condition(
        path: try FieldPath(parsing: condition.path),
        test: .matches(condition.patterns.map { Glob($0) }))
    }
    let absences = try rule.absent.map { (path) throws(ColumnError) in
      Condition(path: try FieldPath(parsing: path), test: .isAbsent)
    }
    self.init(text: rule.text, conditions: conditions + absences)
  }
}
