import Bytes
import Foundation
import TestSupport
import Testing

/// What a run believes of files that it has read before.
@Suite("A file that was read before")
struct SeenTimesTests {
  private let folder: TestSupport.TemporaryFolder

  init() throws {
    folder = try TestSupport.TemporaryFolder()
    for number in 1...3 { try deliver(number, text: "a") }
    #expect(try consolidate().status == 0)
  }

  private func deliver(_ number: Int, text: String, secondsAgo: Double = 3600) throws {
    try FileTree.write(
      #"{"eventTime":"2026-11-19T00:00:0\#(number)Z","eventID":"\#(number)","x":"\#(text)"}"#,
      to: "in/\(number).json", in: folder.path)
    try setTime(number, secondsAgo: secondsAgo)
  }

  private func setTime(_ number: Int, secondsAgo: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -secondsAgo)],
      ofItemAtPath: folder.appending("in/\(number).json"))
  }

  private func consolidate(_ flags: String...) throws -> CommandResult {
    try trailmerge(
      ["consolidate", folder.appending("in"), "-o", folder.appending("data")] + flags)
  }

  private func tree() throws -> [TreeFile] {
    try FileTree.read(folder.appending("data")).filter { file in
      !["runs/", "seen/", "lock"].contains { file.path.hasPrefix("_trailmerge/" + $0) }
    }
  }

  @Test("is not read again when its time is another and its bytes are the same")
  func touched() throws {
    let before = try tree()
    try setTime(2, secondsAgo: 60)
    let result = try consolidate()
    #expect(result.status == 0 && result.output.contains("3 already read"))
    #expect(try tree() == before)
  }

  @Test("is read again when its bytes are others, though size and time are the same, if asked")
  func sameTime() throws {
    let time = try FileManager.default.attributesOfItem(atPath: folder.appending("in/2.json"))
    try deliver(2, text: "b")
    try FileManager.default.setAttributes(
      [.modificationDate: time[.modificationDate] as Any],
      ofItemAtPath: folder.appending("in/2.json"))
    #expect(try consolidate().output.contains("3 already read"))
    let result = try consolidate("--checksum")
    #expect(result.status == 0 && result.output.contains("1 read + 2 already read"))
  }

  @Test("is read again when its bytes are others and its time, too")
  func changed() throws {
    try deliver(2, text: "b", secondsAgo: 60)
    #expect(try consolidate().output.contains("1 read + 2 already read"))
  }

  @Test("is compared by its bytes when it was written just before it was read")
  func justWritten() throws {
    try deliver(4, text: "a", secondsAgo: 0)
    #expect(try consolidate().output.contains("1 read + 3 already read"))
    // The same size, and perhaps the same tick of the clock.
    try deliver(4, text: "b", secondsAgo: 0)
    #expect(try consolidate().output.contains("1 read + 3 already read"))
  }

  @Test(
    "is compared by its bytes when its time is lost or belongs to another ledger",
    arguments: ["removed", "cut", "other"])
  func lostTimes(_ damage: String) throws {
    let before = try tree()
    let file = try #require(
      try FileTree.read(folder.appending("data")).first { $0.path.hasPrefix("_trailmerge/seen/") })
    switch damage {
    case "removed": try FileSystem.removeTree(Path(folder.appending("data/_trailmerge/seen")))
    case "cut":
      try FileTree.write(
        Array(file.bytes.dropLast(1)), to: file.path, in: folder.appending("data"))
    default:
      var bytes = file.bytes
      bytes[10] ^= 1
      try FileTree.write(bytes, to: file.path, in: folder.appending("data"))
    }
    let result = try consolidate()
    #expect(result.status == 0 && result.output.contains("3 already read"))
    #expect(try tree() == before)
    let now = try FileTree.read(folder.appending("data")).first { $0.path == file.path }
    #expect(now == file, "the times are known again")
  }

  @Test("makes the same dataset whatever its time")
  func sameBytes() throws {
    let before = try tree()
    for number in 1...3 { try setTime(number, secondsAgo: Double(number) * 1000) }
    try FileSystem.removeTree(Path(folder.appending("data")))
    #expect(try consolidate().status == 0)
    #expect(try tree() == before)
  }
}
