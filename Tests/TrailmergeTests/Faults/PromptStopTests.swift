import Bytes
import Foundation
import TestSupport
import Testing

/// One cell of very many records, so that each step of a run takes seconds in a debug build.
@Suite("A signal is heard at once", .serialized)
struct PromptStopTests {
  private let folder: TestSupport.TemporaryFolder

  private static let recordCount = 30_000

  init() throws {
    folder = try TestSupport.TemporaryFolder()
    var text: [UInt8] = []
    text.reserveCapacity(Self.recordCount * 120)
    for number in 0..<Self.recordCount {
      // 7919 is prime: the records come in no order, each in a second of its own.
      let second = number * 7919 % 86_400
      let time = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
      text +=
        """
        {"eventID":"\(number)","eventTime":"2026-11-19T\(time)Z","awsRegion":"us-east-1"}

        """.utf8
    }
    try FileTree.write(text, to: "in/a.ndjson", in: folder.path)
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private var arguments: [String] {
    [
      "consolidate", folder.appending("in"), "-o", folder.appending("out"), "--format",
      "ndjson,csv", "--partition-by", "dt", "--memory", "16MiB", "-q",
    ]
  }

  /// Runs the command and sends it a signal after a while.
  ///
  /// - Returns: Its status, and how long it took to end.
  private func stop(_ arguments: [String], after seconds: Double) throws -> (Int32, Double) {
    let process = try startTrailmerge(arguments)
    Thread.sleep(forTimeInterval: seconds)
    kill(process.processIdentifier, SIGTERM)
    let start = Date()
    process.waitUntilExit()
    return (process.terminationStatus, Date().timeIntervalSince(start))
  }

  /// How long the command takes.
  private func seconds(_ arguments: [String]) throws -> Double {
    let start = Date()
    #expect(try trailmerge(arguments).status == 0)
    return Date().timeIntervalSince(start)
  }

  @Test("in every step of a run, of a rebuild and of a verification")
  func everyStep() throws {
    let whole = try seconds(arguments)
    let built = try FileTree.listing(of: folder.appending("out"))
    let rebuild = arguments + ["--rebuild"]
    let verify = ["verify", folder.appending("out")]
    for (command, duration, steps) in [
      (rebuild, whole, [1, 2, 3, 4, 5]), (verify, try seconds(verify), [2, 4]),
    ] {
      for step in steps {
        let (status, delay) = try stop(command, after: duration * Double(step) / 6)
        let place = "\(command[0]) at \(step)/6 of \(duration) s"
        // Where the machine was faster this time the signal found nobody.
        #expect(status == 143 || (status == 0 && step > 2), "\(place)")
        // Every step takes longer; on a busy machine everything does.
        #expect(delay < max(0.5, duration / 4), "\(place)")
      }
    }
    func files(_ listing: String) -> [Substring] {
      // Times of files are known once they are two seconds old.
      listing.split(separator: "\n").filter { line in
        !["runs/", "seen/"].contains { line.contains("_trailmerge/" + $0) }
      }
    }
    #expect(files(try FileTree.listing(of: folder.appending("out"))) == files(built))
  }
}
