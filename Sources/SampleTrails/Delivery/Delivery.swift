import Bytes

/// Writes the log files of all accounts and regions, one after the other, and keeps the account.
struct Delivery: ~Copyable {
  let options: SampleTrailOptions
  let start: UTCTime
  let places: [AccountRegion]
  private(set) var summary = SampleSummary()
  var tree: TreeWriter
  var maker: RecordMaker
  /// What the digests must list, by place and trail; empty without digests.
  private(set) var listed: [DigestChain.ID: [DigestChain.LogEntry]] = [:]
  /// Names of files and the like: apart from the events, which stay the same without them.
  private var names: SplitMix64
  private var duplicateQuota: Quota
  private var lateQuota: Quota
  private var conflictQuota: Quota
  private var pairQuota: Quota

  init(options: SampleTrailOptions, start: UTCTime, tree: consuming TreeWriter) {
    self.options = options
    self.start = start
    self.tree = tree
    places = AccountRegion.all(of: options)
    maker = RecordMaker(options: options)
    names = SplitMix64(seed: options.eventSeed ?? options.seed, part: 0x0A3E)
    // Long stretches in a row, so that the copies' files are about as long as the originals.
    let duplicates = Double(options.events) * options.duplicateShare
    duplicateQuota = Quota(
      share: options.duplicateShare,
      stretch: min(Double(options.eventsPerFile) * 8, duplicates / 16))
    lateQuota = Quota(share: options.lateShare)
    conflictQuota = Quota(share: Double(options.conflicts) / Double(max(1, options.events)))
    let hasPairs = options.accounts > 1 && options.fileSizes == .heavyTailed
    pairQuota = Quota(share: hasPairs ? 0.002 : 0)
  }

  /// Delivers every event of one account in one region.
  mutating func deliverFiles(_ index: Int) throws {
    let place = places[index]
    var planning = SplitMix64(seed: options.eventSeed ?? options.seed, part: 0x1A4E, UInt64(index))
    let plan = FilePlan(for: place, of: options, from: start, &planning)
    var late = LateFile(place: index)
    for (number, planned) in plan.files.enumerated() {
      var random = SplitMix64(
        seed: options.eventSeed ?? options.seed, part: 0xF11E_0000 + UInt64(index), UInt64(number))
      try deliver(planned, place: index, late: &late, &random)
    }
    try flush(&late)
  }

  // MARK: - One planned file

  /// Delivers one file of the account's trail, and what the organization's trail and late deliveries
  /// make of its events.
  private mutating func deliver(
    _ planned: FilePlan.File, place: Int, late: inout LateFile, _ random: inout SplitMix64
  ) throws {
    var file = LogFile(trail: .account, place: place)
    var copies = CopiesInOtherTrail()
    copies.wanted = duplicateQuota.take(planned.events)
    let times = eventTimes(of: planned, &random)
    var index = 0
    while index < times.count {
      let time = times[index]
      let beginning = random
      if pairQuota.isDue(), index + 1 < times.count {
        try deliverPair(at: time, in: &file, planned, &random)
        index += 2
        continue
      }
      let isLate = lateQuota.isDue()
      let record = maker.record(at: time, in: places[place], isLate: isLate, &random)
      if isLate {
        if !late.takes(time) { try flush(&late) }
        late.append(record, at: time)
        summary.lateEvents += 1
      } else {
        file.append(record, at: time)
      }
      summary.distinctEvents += 1
      if copies.records.count < copies.wanted { copies.records.append((record, time)) }
      if conflictQuota.isDue() {
        var again = beginning
        let edition: RecordMaker.Edition =
          summary.conflicts.isMultiple(of: 2) ? .newerVersion : .longer
        copies.conflicts.append(
          (
            maker.record(
              at: time, in: places[place], isLate: isLate, edition: edition, &again), time
          ))
        summary.conflicts += 1
      }
      index += 1
    }
    try write(file, at: planned.delivered)
    duplicateQuota.giveBack(copies.wanted - copies.records.count)
    try deliver(copies, place: place, at: planned.delivered, &random)
  }

  /// When the events of a file happened: 3 to 600 seconds before it was delivered.
  ///
  /// Half of the files are in time order.
  private func eventTimes(
    of planned: FilePlan.File, _ random: inout SplitMix64
  ) -> [UTCTime] {
    var times = (0..<planned.events).map { _ in
      // Most come soon: the smaller of two draws.
      let lag = min(random.within(3...600), random.within(3...600))
      return max(start, planned.delivered - lag)
    }
    if random.chance(0.5) { times.sort() }
    return times
  }

  /// One action that two accounts record: the second record goes to the other account's folder.
  private mutating func deliverPair(
    at time: UTCTime, in file: inout LogFile, _ planned: FilePlan.File, _ random: inout SplitMix64
  ) throws {
    let other = (file.place + options.regions) % places.count
    let pair = maker.sharedPair(
      at: time, caller: places[file.place], owner: places[other], &random)
    file.append(pair.caller, at: time)
    var ownersFile = LogFile(trail: .account, place: other)
    ownersFile.append(pair.owner, at: time)
    try write(ownersFile, at: planned.delivered)
    summary.distinctEvents += 2
  }

  /// The organization's trail groups and orders its records in its own way.
  private mutating func deliver(
    _ copies: CopiesInOtherTrail, place: Int, at delivered: UTCTime, _ random: inout SplitMix64
  ) throws {
    var records = copies.records
    summary.duplicates += records.count
    random.shuffle(&records)
    var file = LogFile(trail: .organization, place: place)
    let split = records.count > 30 ? records.count / 3 : records.count
    for (index, copy) in (records + copies.conflicts).enumerated() {
      if index == split, file.records > 0, copies.conflicts.isEmpty {
        try write(file, at: delivered)
        file = LogFile(trail: .organization, place: place)
      }
      file.append(copy.record, at: copy.time)
    }
    try write(file, at: delivered)
  }

  private mutating func flush(_ late: inout LateFile) throws {
    guard let newest = late.file.newest else { return }
    // 1 to 15 days after the newest: at most 20 days after the oldest.
    let slot = FilePlan.deliveryInterval
    let delay = names.within(288...4_320) * slot
    let delivered = UTCTime(seconds: (newest.seconds + delay) / slot * slot + slot)
    try write(late.file, at: delivered, isLate: true)
    late = LateFile(place: late.file.place)
  }

  // MARK: - Files

  private mutating func write(
    _ file: LogFile, at delivered: UTCTime, isLate: Bool = false
  ) throws {
    guard let oldest = file.oldest, let newest = file.newest else { return }
    let document = file.document()
    let path = logPath(trail: file.trail, place: file.place, delivered: delivered)
    summary.storedBytes += try tree.write(gzipping: document, to: path)
    summary.logFiles += 1
    summary.records += file.records
    summary.jsonBytes += document.count
    guard hasDigests(file.place) else { return }
    let chain = DigestChain.ID(place: file.place, trail: file.trail, isBackfill: isLate)
    listed[chain, default: []].append(
      DigestChain.LogEntry(
        path: path, delivered: delivered, hash: SHA256Digest(of: document.span), oldest: oldest,
        newest: newest))
  }

  /// Delivers a file that lost its end on the way; nobody else has its records.
  ///
  /// Its digest lists it as it was.
  mutating func deliverDamagedFile(_ number: Int) throws {
    // From the last on, which is the quietest.
    let place = places.count - 1 - number % places.count
    var random = SplitMix64(seed: options.eventSeed ?? options.seed, part: 0xDA3A, UInt64(number))
    var file = LogFile(trail: .account, place: place)
    let slot = random.within(1...(options.days * 288))
    let delivered = start + slot * FilePlan.deliveryInterval
    for _ in 0..<12 {
      let time = max(start, delivered - random.within(3...600))
      file.append(maker.record(at: time, in: places[place], &random), at: time)
    }
    let document = file.document()
    let path = logPath(trail: .account, place: place, delivered: delivered)
    _ = try tree.write(gzipping: document, to: path, share: 0.67)
    summary.damagedFiles += 1
    guard hasDigests(place), let oldest = file.oldest, let newest = file.newest else { return }
    listed[DigestChain.ID(place: place, trail: .account, isBackfill: false), default: []].append(
      DigestChain.LogEntry(
        path: path, delivered: delivered, hash: SHA256Digest(of: document.span), oldest: oldest,
        newest: newest))
  }

  private mutating func logPath(trail: Trail, place: Int, delivered: UTCTime) -> String {
    trail.logFile(
      account: maker.accounts[places[place].account].id, region: places[place].region,
      delivered: delivered, unique: names.text(16, of: .alphanumeric), options)
  }

  private func hasDigests(_ place: Int) -> Bool {
    options.digests && place < options.accountRegionsWithDigests
  }

  mutating func count(digestFiles: Int) {
    summary.digestFiles += digestFiles
  }
}

/// What the organization's trail delivers of one file's events.
private struct CopiesInOtherTrail {
  var wanted = 0
  var records: [(record: [UInt8], time: UTCTime)] = []
  var conflicts: [(record: [UInt8], time: UTCTime)] = []
}
