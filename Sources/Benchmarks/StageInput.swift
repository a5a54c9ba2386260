import Bytes
import CloudTrail
import Listing
import Reading
import Segments

/// The files that the stages are timed on, one after the other, and what is in them.
///
/// Stages run on one thread, over the first files in reading order up to a limit, so that all of
/// them fit in memory and the timings of one stage hold nothing of another.
final class StageInput {
  let root: InputRoot
  /// All files, those together of which the same is known.
  let groups: [FileGroup]
  /// The files that the stages are timed on.
  private(set) var files: [(file: FileGroup.File, group: FileGroup)] = []
  let sources: SourceTable
  /// The files as stored, one after the other.
  let stored: ByteBuffer
  private(set) var storedRanges: [Range<Int>] = []
  /// The same, inflated.
  let inflated: ByteBuffer
  private(set) var inflatedRanges: [Range<Int>] = []

  /// How much JSON the stages are timed on at most, in bytes.
  private static let limit = 128 << 20

  /// Reads and inflates the first files below `trail`.
  init(_ trail: Path) throws {
    root = InputRoot(path: trail, source: "")
    let sources = SourceTable()
    var groups: [FileGroup] = []
    _ = try discover(in: FolderSource([root]), families: [.events], sources: sources) {
      groups.append($0)
    }
    (self.sources, self.groups) = (sources, groups)
    var stored = ByteBuffer(capacity: StageInput.limit / 4)
    var inflated = ByteBuffer(capacity: StageInput.limit)
    var inflater = try GzipInflater(stopsAfterMember: true)
    let all = groups.flatMap { group in group.files.map { (file: $0, group: group) } }
    for (file, group) in all where inflated.count < StageInput.limit {
      let (storedStart, inflatedStart) = (stored.count, inflated.count)
      let open = try OpenFile(group.path(of: file))
      while try open.read(1 << 20, into: &stored) > 0 {}
      try inflater.inflateMember(stored.bytes.extracting(storedStart...), into: &inflated)
      storedRanges.append(storedStart..<stored.count)
      inflatedRanges.append(inflatedStart..<inflated.count)
    }
    self.stored = stored
    self.inflated = inflated
    files = Array(all.prefix(storedRanges.count))
  }

  /// Bytes of JSON in the files.
  var byteCount: Int { inflated.count }
}

extension GzipInflater {
  /// Inflates the member that `input` is, and forgets it piece by piece.
  ///
  /// `output`: Holds a piece, as many bytes as it has room for.
  mutating func inflatePieces(
    of input: Span<UInt8>, into output: inout ByteBuffer
  ) throws(GzipError) {
    reset()
    var position = 0
    var pause = Pause.roomFull
    while pause != .memberEnded {
      output.removeAll()
      pause = try inflate(
        input, at: &position, into: &output, room: output.capacity, isWhole: true)
      if pause == .inputEnded { throw .truncated }
    }
  }

  /// Inflates the member that `input` is.
  mutating func inflateMember(
    _ input: Span<UInt8>, into output: inout ByteBuffer
  ) throws(GzipError) {
    reset()
    var position = 0
    while true {
      let pause = try inflate(
        input, at: &position, into: &output, room: 256 << 10, isWhole: true)
      if pause == .memberEnded { return }
      if pause == .inputEnded { throw .truncated }
    }
  }
}
