import Bytes
import Dataset

extension RunContext {
  /// Joins the rejected records of datasets that are merged.
  ///
  /// - Returns: The side files; nil if they do not change.
  /// - Throws: `DatasetError` for a file that is not as it was committed; `FileError`; `Stopped`.
  func mergeRejected(_ operands: [MergeOperand]) throws -> SideFiles? {
    if operands.allSatisfy({ $0.slots(of: .rejected).isEmpty }) { return nil }
    let listed = try sideFiles(.rejected)
    for operand in operands {
      for slot in operand.slots(of: .rejected) {
        let file = DatasetFile.ofDelivery(.rejected, slot)
        guard let lines = try SideFileReader(file, of: operand.dataset) else { continue }
        while try lines.next() { try listed.add(lines.line, to: file) }
      }
    }
    return listed
  }
}

extension SideFiles {
  /// Adds a line of another dataset's file.
  ///
  /// - Throws: `FileError` when the disk is full.
  func add(_ line: SideLine, to file: DatasetFile) throws {
    let text = try keep(line.record.span, eventID: line.eventID)
    let key = SideLine.Key(place: line.place, content: line.content, family: line.family)
    try add(key, text, reason: line.reason, to: file)
  }
}
