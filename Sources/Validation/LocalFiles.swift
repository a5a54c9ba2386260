import Bytes
import CloudTrail

/// The regular files below the inputs, found by name.
///
/// A digest only ever picks from this list: whatever key it names, no other file is opened. Folders
/// and names are kept once, since an organization's mirror holds millions of files.
struct LocalFiles: Sendable {
  struct Folder: Sendable {
    /// Absolute, its links resolved.
    var path: Path
    /// How many of its last segments lie below the input.
    var depth: Int
    /// What its files are, where their names do not tell; nil for neither logs nor digests.
    var service: TrailService?
  }

  private struct File: Sendable {
    var nameStart: Int
    var nameLength: UInt16
    var service: TrailService?
    var folder: UInt32
  }

  private var folders: [Folder] = []
  private var files: [File] = []
  private var names: [UInt8] = []

  var count: Int { files.count }

  mutating func add(_ folder: Folder) -> UInt32 {
    folders.append(folder)
    return UInt32(folders.count - 1)
  }

  mutating func add(name: [UInt8], folder: UInt32) {
    let service =
      TrailService.claimed(byFileName: name[...]) ?? folders[Int(folder)].service
    files.append(
      File(
        nameStart: names.count, nameLength: UInt16(name.count), service: service, folder: folder))
    names.append(contentsOf: name)
  }

  /// Gets ready for `files(named:)`; to be called once, after the last file.
  mutating func sort() {
    let unsorted = self
    files.sort { left, right in
      let order = unsorted.name(left).span.compare(to: unsorted.name(right).span)
      return order != 0
        ? order < 0
        : unsorted.folders[Int(left.folder)].path < unsorted.folders[Int(right.folder)].path
    }
  }

  private func name(_ file: File) -> [UInt8] {
    Array(names[file.nameStart..<(file.nameStart + Int(file.nameLength))])
  }

  /// What a file claims to be; nil for neither a log nor a digest.
  func service(of file: Int) -> TrailService? { files[file].service }

  /// Whether a file claims to be a log.
  func isLog(_ file: Int) -> Bool { files[file].service?.family != nil }

  func folder(of file: Int) -> Folder { folders[Int(files[file].folder)] }

  /// Absolute.
  func path(of file: Int) -> Path { folder(of: file).path.appending(name(files[file])) }

  func name(of file: Int) -> [UInt8] { name(files[file]) }

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
    var high = files.count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(name(files[middle])) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
