import Bytes
import CloudTrail
import Dataset
import JobFiles
import Listing
import Reading
import Segments
import Validation

/// What the digests say, for the dataset and for the report.
struct Evidence {
  /// Nil when the job does not ask.
  private var facts: DigestFactsUpdate?
  private var keys: PublicKeys?
  /// Nil when the job does not ask.
  private(set) var summary: ValidationSummary?

  /// What is known of digests already.
  init(
    facts: DigestFactsUpdate? = nil, keys: PublicKeys? = nil, summary: ValidationSummary? = nil
  ) {
    (self.facts, self.keys, self.summary) = (facts, keys, summary)
  }

  /// Reads the digests below the inputs, and compares all that is known of digests and of log files,
  /// if the job says so.
  ///
  /// The hash of a log was taken when it was read, so that one that has left is compared all the same.
  /// What is invalid is reported and does not keep the run from its commit: the records are what they
  /// are, later nights must not be lost because of one bad file, and the report says which files to
  /// doubt. What digests say becomes part of the dataset.
  init(_ context: RunContext, _ inputs: NewInputs) throws {
    guard let options = context.digests else { return }
    let meter = context.meter
    meter.enter(.validating)
    let stored = context.baseline.stored
    let share = context.budget / 8
    let facts = DigestFactsUpdate(onto: stored) {
      RowSorter(memory: share / 2) { try context.scratch.path("digests") }
    }
    keys = try stored.publicKeys(adding: options.keys)
    let judge = EvidenceJudge(keys: keys, memory: share * 2) {
      try context.scratch.path("evidence")
    }
    try context.readDigests(inputs.roots, options.signatures) { try facts.put($0) }
    try facts.passAll { digest, isNew in
      try judge.add(digest, facts, isNew: isNew, options.signatures)
    }
    try judge.addLogs(of: stored)
    try inputs.ledger.forEachEntry { try judge.add($0, isNew: true) }
    let job = context.job
    // What a list leaves out is not absent. The run after it says what is.
    let last = try RunHistory(context.layout, limit: 1).runs.first
    let isDue = job.filesFrom == nil && last?.isOfList == true
    summary = try ValidationSummary(
      judging: judge, context, facts, hasKeys: keys != nil, namesAbsent: isDue
    ) { log in
      job.filesFrom != nil || job.shard?.isElsewhere(log) == true
    }
    summary?.lines += options.problems
    self.facts = facts
  }

  /// Adds the files that change to what is to be committed.
  func stage(in tree: inout TreeUpdate) throws {
    try facts?.stage(in: &tree)
    if let keys, !keys.isEmpty { try tree.put(keys.json().span, as: .publicKeys) }
  }

  /// Keys and signatures that the job names; nil when it validates nothing.
  ///
  /// - Throws: `RunError.usage`, before anything is read.
  static func options(_ job: Job) throws -> ValidationOptions? {
    guard job.validate else { return nil }
    do {
      return try ValidationOptions(
        publicKeys: job.publicKeys.map { Path($0) }, signatures: job.signatures.map { Path($0) })
    } catch let error as FileError where error.isPermission {
      throw error
    } catch {
      throw RunError.usage(String(describing: error))
    }
  }
}

extension RunContext {
  /// Reads every digest below the inputs that the job selects, with the logs that it selects.
  fileprivate func readDigests(
    _ roots: [InputRoot], _ signatures: Signatures, _ take: (DigestFacts) throws -> Void
  ) throws {
    let families = Set(job.families)
    let filter = job.select.fileFilter
    func takes(_ path: Path) -> Bool {
      let place = PathFacts(ofFileAt: path)
      if case .log(let family) = place.kind, !families.contains(family) { return false }
      return filter.takes(place)
    }
    func takeSelected(_ digest: DigestFacts) throws {
      guard takes(digest.path) else { return }
      var digest = digest
      digest.document?.logs.removeAll { !takes(Path(bytes: $0.object.key)) }
      try take(digest)
    }
    var reader = DigestReader(signatures, called: \.source)
    try FolderSource(roots, dataset: layout.root).list(workers) { listed in
      guard case .files(let files) = listed else { return }
      try reader.take(
        files, workers, { meter.note($0) }, log: { _, _ in },
        digest: { digest, _ in try takeSelected(digest) })
    }
    try reader.finish(workers, { meter.note($0) }, { digest, _ in try takeSelected(digest) })
  }
}

extension EvidenceJudge {
  /// Adds a digest, and notes its signature if that was not known.
  fileprivate func add(
    _ digest: DigestFacts, _ facts: DigestFactsUpdate, isNew: Bool, _ signatures: Signatures
  ) throws {
    var digest = digest
    if !isNew, let saved = digest.document.flatMap({ signatures.signature(of: $0.object) }),
      saved != digest.signature
    {
      digest.signature = saved
      try facts.mark(saved, digest.path)
    }
    try add(digest, isCurrent: isNew)
  }
}

extension ValidationSummary {
  /// The names of things that are invalid, of which a report has no more.
  private static let problemLimit = 10_000

  /// Judges all that is known; counts what the inputs of this run have.
  ///
  /// - Parameters:
  ///   - judge: Has all that is known.
  ///   - context: Of the run.
  ///   - facts: Hears which signatures were verified.
  ///   - hasKeys: Whether signatures can be.
  ///   - namesAbsent: Whether logs that are not there count too if only digests that have left list them.
  ///   - isElsewhere: Whether a log that is not there is no loss, since another part of the files may
  ///     have it.
  /// - Throws: `FileError`; `Stopped`.
  init(
    judging judge: EvidenceJudge, _ context: RunContext, _ facts: DigestFactsUpdate, hasKeys: Bool,
    namesAbsent: Bool = false, isElsewhere: (ObjectKey) -> Bool
  ) throws {
    self.init()
    var current = ValidationTally()
    var all = ValidationTally()
    var problems: [String] = []
    var hasDigests = false
    let meter = context.meter
    // What was recorded before the job's start was raised does not count any more.
    let selected = SelectedDays(JobFingerprint(context.job))
    func take(_ finding: ValidationFinding) throws {
      if case .verified(let signature) = finding {
        try facts.mark(
          verifiedBy: signature.fingerprint, signature.path, isPrevious: signature.isPrevious)
      }
      var isDue = false
      if case .log(let log) = finding, log.status == .missing, let object = log.object {
        if isElsewhere(object) { return }
        isDue = namesAbsent
      }
      if case .digest = finding { hasDigests = true }
      if finding.deliveryDay.map(selected.containsDelivery) ?? true { all.add(finding) }
      guard finding.isCurrent || isDue else { return }
      current.add(finding)
      if problems.count < Self.problemLimit { problems += finding.problems }
    }
    _ = try judge.judge(mapping: context.workers, progress: { meter.note($0) }, take)
    (self.hasKeys, self.hasDigests) = (hasKeys, hasDigests)
    isValid = hasDigests && !current.isInvalid
    (digests, logs, withoutDigest) = (current.digests, current.logs, current.withoutDigest)
    lines = current.summary(hasKeys: hasKeys)
    problemCount = current.problemCount
    recordedProblemCount = all.problemCount
    self.problems = problems
  }
}
