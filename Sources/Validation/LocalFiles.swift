import Bytes
import CloudTrail
import Listing

/// The regular files of the inputs, found by name.
///
/// A digest only ever picks from this list: whatever key it names, no other file is opened. Each file
/// has a number in the order of names.
struct LocalFiles: Sendable {
  /// The label is what a file claims to be; nil for neither a log nor a digest.
  private var table = FileTable<TrailService?>()
  private var byName: [InputFile] = []

  var count: Int { byName.count }

  /// Adds files but unfinished copies; a file that the user named is taken whatever its name.
  mutating func add(_ listed: ListedFiles) {
    var number: UInt32?
    let claimed = TrailService.claimed(byFolder: listed.folder.path)
    for file in listed.files {
      let name = file.name[...]
      if !listed.isNamed, TrailFileName(name)?.isPartial == true { continue }
      let folder = number ?? table.add(listed.folder)
      number = folder
      table.add(
        file, folder: folder, label: TrailService.claimed(byFileName: name) ?? claimed)
    }
  }

  /// Gets ready for `files(named:)`; to be called once, after the last file.
  mutating func sort() {
    byName = table.files.sorted { left, right in
      let order = table.name(of: left).span.compare(to: table.name(of: right).span)
      return order != 0 ? order < 0 : table.path(of: left) < table.path(of: right)
    }
  }

  /// What a file claims to be; nil for neither a log nor a digest.
  func service(of file: Int) -> TrailService? { table.label(of: byName[file]) }

  /// Whether a file claims to be a log.
  func isLog(_ file: Int) -> Bool { service(of: file)?.family != nil }

  /// How many of the last segments of a file's path are below the input.
  func depth(of file: Int) -> Int { table.folders[Int(byName[file].folder)].depth + 1 }

  /// Absolute.
  func path(of file: Int) -> Path { table.path(of: byName[file]) }

  func name(of file: Int) -> [UInt8] { table.name(of: byName[file]) }

  /// All files with this name.
  ///
  /// - Complexity: O(log files).
  func files(named name: [UInt8]) -> Range<Int> {
    let start = partition { $0.span.compare(to: name.span) < 0 }
    let end = partition { $0.span.compare(to: name.span) <= 0 }
    return start..<end
  }

  /// How many names, from the first on, `isBefore` is true for.
  private func partition(_ isBefore: ([UInt8]) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(name(of: middle)) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
