import Bytes
public import CloudTrail

/// The time of the newest event of each account, as the records say it.
///
/// What is no account id counts together as `other`: records cannot make up any number of names.
public struct NewestEvents: Sendable, Equatable {
  public private(set) var times: [String: EventTime] = [:]

  public init() {}

  /// Those of some cells.
  init(_ cells: [Cell: CellSummary]) {
    for (cell, summary) in cells { note(summary.lastTime, of: NewestEvents.account(of: cell)) }
  }

  /// What an account is called here.
  public static func account(of cell: Cell) -> String {
    let text = cell.account.encoded
    return AccountID.isOne(text[...]) ? text.span.text() : other
  }

  private static let other = "other"

  mutating func note(_ time: EventTime, of account: String) {
    if let known = times[account], time < known { return }
    times[account] = time
  }

  /// Takes in what a part of the dataset has now in place of what it had.
  ///
  /// - Returns: The accounts whose newest event has left: the newest of the rest is not known.
  mutating func replace(_ old: NewestEvents, with new: NewestEvents) -> [String] {
    for (account, time) in new.times { note(time, of: account) }
    return old.times.filter { account, time in
      time == times[account] && new.times[account] != time
    }.map(\.key)
  }

  /// Forgets an account.
  mutating func remove(_ account: String) { times[account] = nil }
}

extension NewestEvents {
  func json() -> [UInt8] {
    var output = ByteBuffer(capacity: times.count * 64 + 2)
    output.append("[")
    for (index, (account, time)) in times.sorted(by: { $0.key < $1.key }).enumerated() {
      output.append(index == 0 ? "\n" : ",\n")
      var line = JSONObjectWriter()
      line.add("account", account)
      line.add("time", time.text)
      output.append(line.finish())
    }
    output.append("\n]")
    return output.bytes.copied()
  }

  /// Reads the items of what `json()` gives; nil for anything else.
  init?(_ items: [[UInt8]]) {
    for item in items {
      guard let line = try? JSONObject(item.span), let account = line.string("account"),
        let time = line.bytes("time").flatMap({ EventTime($0.span) })
      else { return nil }
      times[account] = time
    }
  }
}
