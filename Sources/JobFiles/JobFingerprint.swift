public import Writing

/// What of a job decides the bytes of its dataset, one line a key: what each key says of itself.
///
/// Two jobs with equal fingerprints write the same dataset from the same inputs. A dataset keeps the
/// fingerprint of the job that made it. Relative times are in it as written, so a job that selects
/// from `7d` on is the same job every night.
public struct JobFingerprint: Sendable, Equatable {
  /// `outputs[1].partitionBy: [dt]`; a key without a value has no line.
  public var lines: [String]

  /// The fingerprint that a dataset keeps.
  public init(lines: [String]) {
    self.lines = lines
  }

  /// The fingerprint of a job.
  public init(_ job: Job) {
    lines = WrittenKey.all(of: job, by: JobKeys.job).flatMap { $0.decidingLines() }
  }

  /// The outputs of the job.
  ///
  /// - Parameter formats: The formats that they may have.
  /// - Returns: The outputs, with the defaults of today for what has no line.
  /// - Throws: `JobFileError` when the lines are not those of a fingerprint.
  public func outputs(
    among formats: [any OutputFormat] = OutputFormats.all
  ) throws(JobFileError) -> [OutputSpecification] {
    var reader = JobReader.ofWrittenText(formats)
    var items: [(name: Substring, keys: [JobValue.Entry])] = []
    for (key, value) in values {
      guard key.hasPrefix("outputs["), let dot = key.firstRange(of: "].") else { continue }
      let name = key[..<dot.lowerBound]
      if items.last?.name != name { items.append((name, [])) }
      do {
        items[items.count - 1].keys.append(
          JobValue.Entry(
            key: String(key[dot.upperBound...]), position: nil,
            value: try JobFileYAML.parse(String(value))))
      } catch {
        reader.note(error.message, key: String(key), at: nil)
      }
    }
    let list = JobValue(.list(items.map { JobValue(.mapping($0.keys), at: nil) }), at: nil)
    let outputs = ItemsKind.outputs.read(list, "outputs", &reader)
    guard let outputs, reader.problems.isEmpty else {
      throw JobFileError(problems: reader.problems)
    }
    return outputs
  }

  /// Why a dataset with this fingerprint cannot go on with a newer one; empty if it can.
  ///
  /// A value that takes more is none of the reasons, and neither is a key that may take more and has
  /// no line here: it was not recorded.
  public func changes(to newer: JobFingerprint) -> [JobChange] {
    let old = withDefaults.values
    let new = newer.values
    let keys = old.map(\.key) + new.map(\.key).filter { key in !old.contains { $0.key == key } }
    return keys.compactMap { key in
      let before = old.first { $0.key == key }.map { String($0.value) }
      let after = new.first { $0.key == key }.map { String($0.value) }
      if before == after { return nil }
      let takesMore = JobKeys.job.first { $0.name == key }?.takesMore
      if let takesMore {
        guard let before, let after, !takesMore(before, after) else { return nil }
      }
      return JobChange(
        key: String(key), before: before, after: after, takesLess: takesMore != nil)
    }
  }

  /// The first key that has another value than in another fingerprint, outputs aside, with both values;
  /// nil if there is none.
  public func firstDifference(from other: JobFingerprint) -> JobChange? {
    func selecting(_ fingerprint: JobFingerprint) -> [(key: String, value: String)] {
      fingerprint.values.filter { !$0.key.hasPrefix("outputs[") }
        .map { (key: String($0.key), value: String($0.value)) }
    }
    let (mine, theirs) = (selecting(self), selecting(other))
    let keys = mine.map(\.key) + theirs.map(\.key)
    return keys.lazy.compactMap { key in
      let before = mine.first { $0.key == key }?.value
      let after = theirs.first { $0.key == key }?.value
      if before == after { return nil }
      return JobChange(key: key, before: before, after: after, takesLess: false)
    }.first
  }

  /// The same with lines for options that were not recorded where a job left them to the default.
  private var withDefaults: JobFingerprint {
    guard let outputs = try? outputs() else { return self }
    var job = Job()
    job.outputs = outputs
    let isOfOutput = { (line: String) in line.hasPrefix("outputs[") }
    return JobFingerprint(
      lines: lines.filter { !isOfOutput($0) } + JobFingerprint(job).lines.filter(isOfOutput))
  }

  /// The first event time that the job takes, in seconds since 1970.
  ///
  /// Nil if it takes all before, and for a relative time: a dataset keeps what it once took.
  public var start: Int64? { time(JobChange.start) }

  /// The first event time that the job no longer takes, as `start` has it.
  public var end: Int64? { time("select.to") }

  private func time(_ key: String) -> Int64? {
    guard let text = values.first(where: { $0.key == key })?.value,
      let bound = TimeBound(written: String(text)), !bound.isRelative
    else { return nil }
    return bound.secondsSince1970
  }

  private var values: [(key: Substring, value: Substring)] {
    lines.map { line in
      guard let colon = line.firstRange(of: ": ") else { return (line[...], "") }
      return (line[..<colon.lowerBound], line[colon.upperBound...])
    }
  }
}

/// A key whose value in a newer job does not fit a dataset.
public struct JobChange: Sendable, Equatable, CustomStringConvertible {
  /// Its full name: `outputs[1].partitionBy`.
  public var key: String
  /// The value that the dataset was made with, as a job file writes it; nil for none.
  public var before: String?
  public var after: String?
  /// Whether another value would be fine, but this one takes less than before.
  public var takesLess: Bool

  /// The key whose absolute value may be raised.
  fileprivate static let start = "select.from"

  public var description: String {
    "\(key): \(before ?? "nothing") -> \(after ?? "nothing")"
  }
}

extension [JobChange] {
  /// The first second of the newer job's selection, where all that has changed is that an absolute
  /// `select.from` was raised, or set; nil for any other change.
  public var raisedStart: Int64? {
    guard count == 1, self[0].key == JobChange.start else { return nil }
    guard let after = self[0].after.flatMap({ TimeBound(written: $0) }), !after.isRelative
    else { return nil }
    guard let text = self[0].before else { return after.secondsSince1970 }
    guard let before = TimeBound(written: text), !before.isRelative,
      before.secondsSince1970 < after.secondsSince1970
    else { return nil }
    return after.secondsSince1970
  }
}

extension TimeBound {
  /// Reads what a fingerprint has.
  fileprivate init?(written text: String) {
    guard let bound = ValueKind<TimeBound>.time.value(written: text) else { return nil }
    self = bound
  }
}
