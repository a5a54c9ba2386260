import Bytes
import Foundation
import JobFiles
import JobRunner
import TestSupport

extension Workbench {
  /// What was written, and what was said of the lists.
  struct KeyAnswer {
    var keys: [String]
    var counts: NewKeys.Counts
    var problems: [String]
  }

  /// Asks which keys of a list are new.
  func ask(
    _ list: [String], _ options: NewKeys.Options = NewKeys.Options(),
    _ change: (inout Job) -> Void = { _ in }
  ) throws -> KeyAnswer {
    let list = list.joined(separator: "\n")
    let name = "list-\(UUID())"
    try FileTree.write(list, to: name, in: folder.path)
    let scratch = TemporaryFiles(in: folder.path)
    defer { scratch.remove() }
    var keys = try NewKeys(of: job(change), options, scratch: scratch)
    try keys.read(Path(folder.appending(name)), called: "the list")
    var text = ""
    try keys.finish { text += $0.text() }
    return KeyAnswer(
      keys: text.split(separator: "\n").map(String.init), counts: keys.counts,
      problems: keys.problems)
  }

  /// The key of a log file.
  static func log(
    _ name: String, account: String = "111122223333", day: String = "2026/11/19"
  ) -> String {
    let date = day.replacing("/", with: "")
    return "AWSLogs/\(account)/CloudTrail/eu-west-1/\(day)/"
      + "\(account)_CloudTrail_eu-west-1_\(date)T0000Z_\(name).json.gz"
  }

  /// A log file of one record.
  static func record(_ id: String, at time: String = "2026-11-19T00:00:00Z") -> String {
    #"{"Records":[{"eventTime":"\#(time)","eventID":"\#(id)","recipientAccountId":"1"}]}"#
  }

  /// Puts texts into the input, as gzip where their names say so.
  func deliver(_ files: [String: String]) throws {
    try deliver(
      files.map { path, text in
        TreeFile(
          path: path,
          bytes: path.hasSuffix(".gz") ? try gzipped(Array(text.utf8)) : Array(text.utf8))
      })
  }
}
