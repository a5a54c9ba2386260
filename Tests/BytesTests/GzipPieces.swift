import Bytes

/// How inflating one member ended, with what came out and how much went in.
enum GzipEnding: Equatable {
  case ended(output: [UInt8], used: Int)
  case unfinished(output: [UInt8])
  case failed(GzipError, output: [UInt8])
}

/// Inflates one member that comes in pieces.
///
/// - Parameters:
///   - stored: The member, and what follows it.
///   - cuts: Where a piece ends and the next begins, in order.
///   - room: How many bytes may come out at once.
///   - isWhole: Whether to say that the last piece is the whole rest.
/// - Returns: How it ended.
func inflate(
  _ stored: [UInt8], cuts: [Int], room: Int = 1 << 16, isWhole: Bool = false
) -> GzipEnding {
  inflate(stored, cuts, room, isWhole, stopsAfterMember: true)
}

/// The same for all members of a file, whose text is `unfinished` however sound it is.
func inflateFile(_ stored: [UInt8], cuts: [Int], room: Int = 1 << 16) -> GzipEnding {
  inflate(stored, cuts, room, false, stopsAfterMember: false)
}

private func inflate(
  _ stored: [UInt8], _ cuts: [Int], _ room: Int, _ isWhole: Bool, stopsAfterMember: Bool
) -> GzipEnding {
  var output = ByteBuffer()
  do throws(GzipError) {
    var inflater = try GzipInflater(stopsAfterMember: stopsAfterMember)
    var position = 0
    for end in cuts + [stored.count] {
      let piece = Array(stored[..<end])
      let isLast = isWhole && end == stored.count
      var pause = GzipInflater.Pause.roomFull
      while pause == .roomFull {
        pause = try inflater.inflate(
          piece.span, at: &position, into: &output, room: room, isWhole: isLast)
      }
      if pause == .memberEnded { return .ended(output: output.bytes.copied(), used: position) }
    }
    return .unfinished(output: output.bytes.copied())
  } catch {
    return .failed(error, output: output.bytes.copied())
  }
}

/// Inflates a member that is in memory to its end; nil if `inflateWhole` leaves it to `inflate`.
func inflateWhole(_ stored: [UInt8], room: Int) -> GzipEnding? {
  do throws(GzipError) {
    var inflater = try GzipInflater(stopsAfterMember: true)
    var output = ByteBuffer()
    var position = 0
    let isDone = inflater.inflateWhole(stored.span, at: &position, into: &output, room: room)
    return isDone ? .ended(output: output.bytes.copied(), used: position) : nil
  } catch {
    return .failed(error, output: [])
  }
}
