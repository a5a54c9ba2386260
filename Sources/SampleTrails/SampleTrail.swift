import Bytes

/// Made-up CloudTrail trees in the layout, and with the quirks, of real ones.
///
/// ```swift
/// let summary = try SampleTrail.write(.realistic(events: 500_000), to: "mirror")
/// print(summary)
/// ```
public struct SampleTrail {
  /// Writes a tree below `folder`, which is made if it is missing.
  ///
  /// The memory used depends on the largest file, not on the number of events; with digests, a few
  /// hundred bytes per log file come on top.
  ///
  /// - Throws: `SampleTrailError` for options that cannot be, `FileError` from the file system.
  public static func write(
    _ options: SampleTrailOptions, to folder: String
  ) throws -> SampleSummary {
    let start = try options.validated()
    var delivery = Delivery(
      options: options, start: start, tree: try TreeWriter(folder: Path(folder)))
    for place in delivery.places.indices { try delivery.deliverFiles(place) }
    for number in 0..<options.damagedFiles { try delivery.deliverDamagedFile(number) }
    if options.digests { try delivery.writeDigests() }
    return delivery.summary
  }
}
