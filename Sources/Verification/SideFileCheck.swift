import Bytes
import CloudTrail
import Dataset

/// Checks the files of conflicts and rejected records: whole lines, in order, as many as committed.
struct SideFileCheck {
  private let layout: DatasetLayout
  private let manifest: Manifest

  init(_ layout: DatasetLayout, _ manifest: Manifest) {
    self.layout = layout
    self.manifest = manifest
  }

  func run() -> [VerificationReport.Problem] {
    let files = [
      ("conflicts.ndjson", manifest.conflictCount), ("rejected.ndjson", manifest.rejectedCount),
    ]
    return files.compactMap { name, count in
      guard let what = problem(layout.own.appending(name), expected: count) else { return nil }
      return VerificationReport.Problem(
        path: DatasetLayout.ownFolder.appending(name), what: what, remedy: .rebuild)
    }
  }

  private func problem(_ path: Path, expected: Int) -> String? {
    guard FileSystem.exists(path) else { return expected == 0 ? nil : "is missing" }
    if expected == 0 { return "was not committed" }
    do {
      return problem(in: try FileSystem.contents(of: path), expected: expected)
    } catch {
      return "cannot be read: \(error.reason)"
    }
  }

  private func problem(in bytes: [UInt8], expected: Int) -> String? {
    var count = 0
    var start = 0
    var last = (source: Path(""), index: 0)
    while start < bytes.count {
      count += 1
      let end = ByteSearch.first(0x0A, in: bytes.span, from: start)
      guard end < bytes.count, let place = place(bytes.span.extracting(start..<end)) else {
        return "line \(count) is damaged"
      }
      if place < last { return "line \(count) comes before the line above it" }
      last = place
      start = end + 1
    }
    return count == expected
      ? nil : "has \(count) records, not \(expected) as the manifest says"
  }

  /// Where the record of a line comes from; nil if it is not such a line.
  private func place(_ line: Span<UInt8>) -> (source: Path, index: Int)? {
    guard let object = try? JSONObject(line), let source = object.bytes("source"),
      let index = object.integer("index")
    else { return nil }
    return (Path(bytes: source), index)
  }
}
