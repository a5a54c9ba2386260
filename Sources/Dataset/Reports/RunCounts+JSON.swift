import Bytes

extension RunCounts.Files {
  /// What a report says of files, in the order of the balance.
  func json() -> [UInt8] {
    var object = JSONObjectWriter()
    object.add("found", found)
    object.add("read", read)
    object.add("alreadyRead", alreadyRead)
    object.add("skipped", counts: skipped)
    object.add("failed", failed)
    return object.finish()
  }

  /// Reads that; what is not there is 0.
  init(_ object: JSONObject?) {
    found = object?.integer("found") ?? 0
    read = object?.integer("read") ?? 0
    alreadyRead = object?.integer("alreadyRead") ?? 0
    let reasons = object?.object("skipped")
    for reason in reasons?.keys ?? [] { skipped[reason] = reasons?.integer(reason) ?? 0 }
    failed = object?.integer("failed") ?? 0
  }
}

extension RunCounts.Records {
  typealias Name = (name: String, count: any WritableKeyPath<Self, Int> & Sendable)

  /// What becomes of a record that is read.
  static let fates: [Name] = [
    ("written", \.written), ("duplicates", \.duplicates), ("conflicts", \.conflicts),
    ("filtered", \.filtered), ("rejected", \.rejected),
  ]

  /// All numbers by their names in a report: the balance, then what becomes of stored records.
  static let names: [Name] =
    [("in", \.input)] + fates + [("replaced", \.replaced), ("dropped", \.dropped)]

  /// What a report says of records.
  func json() -> [UInt8] {
    var object = JSONObjectWriter()
    for (name, count) in Self.names { object.add(name, self[keyPath: count]) }
    return object.finish()
  }

  /// Reads that; what is not there is 0.
  init(_ object: JSONObject?) {
    for (name, count) in Self.names { self[keyPath: count] = object?.integer(name) ?? 0 }
  }
}
