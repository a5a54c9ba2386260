import Bytes
import Foundation
import SampleTrails
import TestSupport
import Testing

@Suite("A signal during a validation")
struct ValidationSignalTests {
  private let folder: TestSupport.TemporaryFolder
  /// A listed log file, replaced by one that takes minutes to hash.
  private let endless: String

  init() throws {
    folder = try TestSupport.TemporaryFolder()
    var options = SampleTrailOptions()
    options.events = 60
    options.accounts = 1
    options.regions = 1
    options.days = 1
    _ = try SampleTrail.write(options, to: folder.appending("input"))
    let paths = try FileTree.read(folder.appending("input")).map(\.path)
    let path = try #require(paths.first { $0.contains("/CloudTrail/") })
    endless = folder.appending("input/" + path)
    let file = try FileHandle(forWritingTo: URL(filePath: endless))
    try file.truncate(atOffset: 0)
    // Only its length is stored.
    try file.truncate(atOffset: 1 << 38)
    try file.close()
  }

  /// Waits until the process is far behind what a reader takes of a file that is too large.
  private func waitForHashing(by process: Process) throws {
    let folder = "/proc/\(process.processIdentifier)"
    for _ in 0..<600 {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/fd")) ?? []
      let isHashing = names.contains { name in
        let target = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "\(folder)/fd/\(name)")
        let info = try? String(contentsOfFile: "\(folder)/fdinfo/\(name)", encoding: .utf8)
        let position = info?.split(whereSeparator: \.isWhitespace).dropFirst().first
        return target?.hasSuffix(fileName) == true && position.flatMap { Int($0) } ?? 0 > 8 << 20
      }
      if isHashing { return }
      Thread.sleep(forTimeInterval: 0.05)
    }
    Issue.record("the file is not being hashed")
  }

  private var fileName: String { URL(filePath: endless).lastPathComponent }

  @Test("ends it at once", arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func stops(signal: Int32, status: Int32) throws {
    let process = try startTrailmerge(["validate", folder.appending("input")])
    try waitForHashing(by: process)
    kill(process.processIdentifier, signal)
    let start = Date()
    process.waitUntilExit()
    #expect(Date().timeIntervalSince(start) < 10)
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == status)
  }
}
