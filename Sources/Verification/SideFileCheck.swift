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
    let files: [(DatasetFile, Int)] = [
      (.conflicts, manifest.conflictCount), (.rejected, manifest.rejectedCount),
    ]
    return files.compactMap { file, count in
      let path = file.path
      do throws(FileError) {
        guard let what = try problem(layout.root.appending(path), expected: count) else {
          return nil
        }
        return VerificationReport.Problem(path: path, what: what, remedy: .rebuild)
      } catch {
        return VerificationReport.Problem(path: path, unreadable: error, remedy: .rebuild)
      }
    }
  }

  private func problem(_ path: Path, expected: Int) throws(FileError) -> String? {
    guard try FileSystem.isThere(path) else { return expected == 0 ? nil : "is missing" }
    if expected == 0 { return "was not committed" }
    return problem(in: try FileSystem.contents(of: path), expected: expected)
  }

  private func problem(in bytes: [UInt8], expected: Int) -> String? {
    var count = 0
    var last = (source: Path(""), index: 0)
    var lines = TextLines(bytes)
    while let line = lines.next() {
      count += 1
      guard line.isEnded, let place = place(bytes.span.extracting(line.range)) else {
        return "line \(count) is damaged"
      }
      if place < last { return "line \(count) comes before the line above it" }
      last = place
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
