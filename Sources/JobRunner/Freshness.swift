import Bytes
import CloudTrail
import Dataset

/// The newest events of a dataset, as far as they can be true.
///
/// The time of an event is what the record says. One record that is dated years ahead must not make
/// a dataset look fresh for years: days to come do not count, and no event is newer than now.
struct Freshness {
  private let cells: [(cell: Cell, newest: Int64)]

  /// `dataset`: As it is on disk.
  init(_ dataset: StoredDataset, now: Int64) throws {
    let today = EventTime(seconds: now).day
    cells = try dataset.cells { $0 <= today }
      .map { ($0.key, min($0.value.lastTime.seconds, now)) }
  }

  /// Seconds since 1970; nil without events.
  var newest: Int64? { cells.map(\.newest).max() }

  /// By account, in order; what is no account id counts together as `other`.
  ///
  /// So records cannot make up any number of accounts, nor two of one name.
  var newestByAccount: [(account: String, newest: Int64)] {
    var newest: [String: Int64] = [:]
    for (cell, time) in cells {
      let text = cell.account.decoded
      let account = AccountID.isOne(text[...]) ? text.span.text() : "other"
      newest[account] = max(newest[account] ?? .min, time)
    }
    return newest.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
