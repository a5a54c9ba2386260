import Bytes
import Foundation

/// Two builds of `trailmerge`, run pair by pair on one trail.
struct Compare {
  let this: String
  let other: String
  let trail: Path
  let scratch: Path

  /// Runs the pairs, the two builds taking turns in going first.
  func measure(runs: Int) throws -> CompareResult {
    var number = 0
    let pairs = try repeated(runs) {
      number += 1
      if number.isMultiple(of: 2) {
        let second = try seconds(other)
        return (this: try seconds(this), other: second)
      }
      let first = try seconds(this)
      return (this: first, other: try seconds(other))
    }
    return CompareResult(
      this: Measurement(pairs.map(\.this)), other: Measurement(pairs.map(\.other)),
      ratio: Measurement(pairs.map { $0.this / $0.other }))
  }

  private struct Report: Decodable { var seconds: Double }

  private func seconds(_ program: String) throws -> Double {
    defer {
      try? FileSystem.removeTree(scratch)
      try? OpenFile(scratch.parent).syncFileSystem()
    }
    let output = try ChildProcess.run(
      program,
      [
        "consolidate", trail.description, "-o", scratch.description, "--memory", "256MiB",
        "--quiet", "--report", "json",
      ])
    return try JSONDecoder().decode(Report.self, from: output).seconds
  }
}

/// What two builds took.
struct CompareResult: Encodable {
  let this: Measurement
  let other: Measurement
  /// Seconds of this build for each second of the other, by pair.
  let ratio: Measurement
}
