import Bytes

/// What the sheet of a partition is called.
///
/// It is the values in the partition's folder, as in `012345678910 2026-11-19`. Folder names have
/// everything percent-encoded that Excel forbids: `[ ] : * ? / \ '`. A name has at most 31 UTF-16 units,
/// so of a longer one the end is kept, which has the day. `History` is a name that Excel keeps for
/// itself.
enum XLSXSheetName {
  private static let maximumUnits = 31

  /// The name.
  ///
  /// `folder`: The partition's folder below the dataset, as in `xlsx/dt=2026-11-19`.
  static func name(of folder: Path) -> String {
    let values = folder.bytes.split(separator: ASCII.slash).compactMap { part in
      part.firstIndex(of: ASCII.equals).map { part[($0 + 1)...] }
    }
    var text = ByteBuffer()
    var changes = XLSXText.Changes()
    XLSXText.append(
      Array(values.joined(separator: [ASCII.space])).span, to: &text, noting: &changes)
    var name = text.bytes.text()
    if name.isEmpty { return "CloudTrail" }
    if name.lowercased() == "history" { return name + "_" }
    if name.utf16.count <= maximumUnits { return name }
    while name.utf16.count >= maximumUnits { name.unicodeScalars.removeFirst() }
    return "…" + name
  }
}
