import Bytes
import CloudTrail
import Dataset

/// The newest events of a dataset, as far as they can be true.
///
/// The time of an event is what the record says. One record that is dated years ahead must not make
/// a dataset look fresh for years: days to come do not count, and no event is newer than now.
struct Freshness {
  /// By account, in order, in seconds since 1970; what is no account id counts together as `other`.
  ///
  /// So records cannot make up any number of accounts, nor two of one name.
  let newestByAccount: [(account: String, newest: Int64)]

  /// Seconds since 1970; nil without events.
  var newest: Int64? { newestByAccount.map(\.newest).max() }

  /// `dataset`: As it is on disk.
  ///
  /// - Complexity: O(accounts), unless an account has events of a day to come: then the lists of days
  ///   are read, from today's on, until it has one of today or before.
  init(_ dataset: StoredDataset, now: Int64) throws {
    let today = EventTime(seconds: now).day
    var newest: [String: Int64] = [:]
    var wanted: Set<String> = []
    for (account, time) in dataset.manifest.newest.times {
      if time.day <= today {
        newest[account] = min(time.seconds, now)
      } else {
        wanted.insert(account)
      }
    }
    for day in dataset.days.reversed() where day <= today && !wanted.isEmpty {
      for (cell, summary) in try dataset.list(Period(day)).cells {
        let account = NewestEvents.account(of: cell)
        guard wanted.contains(account) else { continue }
        newest[account] = max(newest[account] ?? .min, min(summary.lastTime.seconds, now))
      }
      wanted.subtract(newest.keys)
    }
    newestByAccount = newest.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
