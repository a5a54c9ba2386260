import ArgumentParser
import Bytes
import CloudTrail
import Foundation
import JobRunner
import Listing
import Reading
import Segments
import Synchronization

/// Does what every program must: inflates the files and writes as many bytes as the job.
///
/// It looks at nothing, so no program that uses the same inflater can be faster with as many threads.
struct FloorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "floor", abstract: "Inflate and write, nothing else; print the times as JSON.",
    shouldDisplay: false)

  @OptionGroup
  var place: RunPlace

  @Option(help: "What inflates.")
  var inflater = Inflater.zlib

  @Option(help: "How many bytes to write in all.")
  var bytes: Int

  @Option(help: "How many files to write them to.")
  var files: Int

  enum Inflater: String, CaseIterable, ExpressibleByArgument { case zlib, libdeflate }

  func run() throws {
    try Benchmarks.refuseDebugBuilds()
    let root = InputRoot(path: try FileSystem.resolved(Path(place.input)), source: "")
    let sources = SourceTable()
    var paths: [Path] = []
    _ = try discover(in: FolderSource([root]), families: [.events], sources: sources) { group in
      paths += group.files.map { group.path(of: $0) }
    }
    let workers = Workers(count: place.threads)
    let inflating = try seconds { try inflateAll(paths, workers) }
    let writing = try seconds { try writeAll(workers) }
    let sample = FloorSample(inflatingSeconds: inflating, writingSeconds: writing)
    print(String(decoding: try JSONEncoder().encode(sample), as: UTF8.self))
  }

  private func inflateAll(_ paths: [Path], _ workers: Workers) throws {
    try workers.forEach(
      paths.count, with: { [inflater] _ in try FloorBuffers(inflater) },
      { number, buffers in try buffers.inflate(paths[number]) })
  }

  private func writeAll(_ workers: Workers) throws {
    let folder = Path(place.output)
    try FileSystem.createFolders(folder)
    let share = bytes / max(1, files)
    let piece = (0..<(256 << 10)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try workers.forEach(files) { number in
      let file = try OpenFile(folder.appending("part-\(number)"), .writing)
      var left = share
      while left > 0 {
        let count = min(left, piece.count)
        try file.write(piece.span.extracting(0..<count))
        left -= count
      }
    }
    if place.sync { try OpenFile(folder).syncFileSystem() }
  }
}

/// What one worker reads with.
private final class FloorBuffers {
  private var stored = ByteBuffer(capacity: 1 << 20)
  private var output = ByteBuffer(capacity: 256 << 10)
  private var inflater: GzipInflater
  private let isWhole: Bool

  init(_ kind: FloorCommand.Inflater) throws {
    inflater = try GzipInflater(stopsAfterMember: true)
    isWhole = kind == .libdeflate
  }

  func inflate(_ path: Path) throws {
    let file = try OpenFile(path)
    stored.removeAll()
    while try file.read(1 << 20, into: &stored) > 0 {}
    guard isWhole else {
      return try stored.withBytes { try inflater.inflatePieces(of: $0, into: &output) }
    }
    output.removeAll()
    let byteCount = stored.withBytes { Int($0.number(at: $0.count - 4, as: UInt32.self)) }
    var position = 0
    let isSound = stored.withBytes {
      inflater.inflateWhole($0, at: &position, into: &output, room: byteCount)
    }
    precondition(isSound, "a damaged file in a corpus")
  }
}

/// What the floor took.
struct FloorSample: Codable {
  var inflatingSeconds: Double
  var writingSeconds: Double

  var seconds: Double { inflatingSeconds + writingSeconds }
}
