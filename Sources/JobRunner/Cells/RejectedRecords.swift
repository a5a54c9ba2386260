import Bytes
import CloudTrail
import Dataset
import Segments

extension RunContext {
  /// Adds rejected records to the side files of their deliveries.
  ///
  /// - Returns: The side files; nil if they do not change.
  func keepRejected(
    _ rejected: [Family: [any Segment]], _ inputs: NewInputs, _ sources: SourceTable
  ) throws -> SideFiles? {
    if rejected.isEmpty { return nil }
    let listed = try sideFiles(.rejected)
    let runs = try spillFile(0)
    for (family, segments) in rejected {
      let (merged, _) = try runs.mergePasses(over: segments, sources)
      _ = try merge(merged, sources) { entry, record in
        let slot = try inputs.slot(of: entry.source)
        let reason = RejectionReason(record)
        let text = try listed.keep(record, eventID: reason.eventID)
        let key = SideLine.Key(
          place: SideLine.Place(path: try sources.path(entry.source), index: Int(entry.index)),
          content: RecordIdentity(hashing: record, kind: .content), family: family)
        try listed.add(key, text, reason: reason.text, to: .ofDelivery(.rejected, slot))
      }
    }
    return listed
  }
}

/// Why a record is rejected, read off the record itself.
struct RejectionReason {
  var text: String
  /// The decoded eventID, if it has one that can be used.
  var eventID: [UInt8]?

  init(_ record: Span<UInt8>) {
    guard let object = try? JSONObject(record) else {
      text = "not a JSON object"
      return
    }
    eventID = (object.bytes("eventID") ?? object.bytes("eventId")).flatMap {
      $0.isEmpty ? nil : $0
    }
    if let key = ["CloudTrailEvent", "message"].first(where: { object.string($0) != nil }),
      eventID == nil
    {
      text = "the text of \(key) is not a JSON object"
    } else if object.object("timeWindow") != nil, object.raw("eventTime") == nil {
      text = "timeWindow has no windowStart that is a time"
    } else if object.raw("eventTime") == nil {
      text = "no eventTime"
    } else if object.string("eventTime") == nil {
      text = "eventTime is not a string"
    } else {
      text = "eventTime is not a time"
    }
  }
}
