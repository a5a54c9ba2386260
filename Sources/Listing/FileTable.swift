public import Bytes

/// One file of a table.
public struct InputFile: Sendable {
  /// Its folder's number in the table.
  public var folder: UInt32
  /// Its label's number in the table.
  public var label: UInt32
  /// Where its name begins in the table's names.
  var nameStart: UInt32
  var nameLength: UInt16
  /// Bytes as stored.
  public var byteCount: Int
  /// Last modification, nanoseconds since 1970.
  public var modified: Int64
}

/// Files of a listing, each with a label: what whoever lists them makes of their place and name.
///
/// An organization's mirror holds millions of files, so folders, names and labels are kept once and a
/// file costs about 40 bytes and its name.
public struct FileTable<Label: Hashable & Sendable>: Sendable {
  public private(set) var files: [InputFile] = []
  public private(set) var folders: [ListedFolder] = []
  public private(set) var labels: [Label] = []
  private var names: [UInt8] = []
  private var labelNumbers: [Label: UInt32] = [:]
  /// Whether the files were added in byte order of their sources.
  private var isInOrder = true

  public init() {}

  public func label(of file: InputFile) -> Label { labels[Int(file.label)] }

  public func name(of file: InputFile) -> [UInt8] { Array(nameSlice(file)) }

  /// Where the file is.
  public func path(of file: InputFile) -> Path {
    folders[Int(file.folder)].path.appending(name(of: file))
  }

  /// What reports and the dataset call the file.
  public func source(of file: InputFile) -> Path {
    folders[Int(file.folder)].source.appending(name(of: file))
  }

  /// Adds a folder for the files that are added after it, and gives its number.
  public mutating func add(_ folder: ListedFolder) -> UInt32 {
    folders.append(folder)
    return UInt32(folders.count - 1)
  }

  public mutating func add(_ file: ListedFile, folder: UInt32, label: Label) {
    let added = InputFile(
      folder: folder, label: number(of: label), nameStart: UInt32(names.count),
      nameLength: UInt16(file.name.count), byteCount: file.byteCount, modified: file.modified)
    names.append(contentsOf: file.name)
    if isInOrder, let last = files.last { isInOrder = precedes(last, added) }
    files.append(added)
  }

  private mutating func number(of label: Label) -> UInt32 {
    // Neighbouring files mostly have one label: comparing is less than hashing.
    if let last = files.last?.label, labels[Int(last)] == label { return last }
    if let known = labelNumbers[label] { return known }
    let number = UInt32(labels.count)
    labels.append(label)
    labelNumbers[label] = number
    return number
  }
}

// MARK: - Order

extension FileTable {
  /// Puts the files in the order of their labels, and those of one label in the order of sources.
  ///
  /// To be called once, after the last file.
  ///
  /// - Throws: `Stopped` when a signal asks to stop.
  /// - Complexity: O(files), for files that were added in byte order of their sources.
  public mutating func sort(byLabel precedes: (Label, Label) -> Bool) throws {
    try sortBySource()
    let order = labels.indices.sorted { precedes(labels[$0], labels[$1]) }
    var counts = [Int](repeating: 0, count: labels.count)
    for file in files { counts[Int(file.label)] += 1 }
    var places = counts
    var next = 0
    for label in order {
      places[label] = next
      next += counts[label]
    }
    var sorted = files
    for file in files {
      sorted[places[Int(file.label)]] = file
      places[Int(file.label)] += 1
    }
    files = sorted
  }

  private mutating func sortBySource() throws {
    if isInOrder { return }
    files = try files.sorted { left, right in
      try StopSignal.check()
      return precedes(left, right)
    }
  }

  /// Whether one file's source comes before another's in byte order.
  ///
  /// Hundreds of thousands of files are compared, so paths are not put together for it unless one
  /// folder is inside the other.
  public func precedes(_ left: InputFile, _ right: InputFile) -> Bool {
    if left.folder == right.folder {
      return nameSlice(left).span.compare(to: nameSlice(right).span) < 0
    }
    let leftFolder = folders[Int(left.folder)].source.bytes
    let rightFolder = folders[Int(right.folder)].source.bytes
    let shared = min(leftFolder.count, rightFolder.count)
    let order = leftFolder.span.extracting(0..<shared)
      .compare(to: rightFolder.span.extracting(0..<shared))
    return order == 0 ? source(of: left) < source(of: right) : order < 0
  }

  private func nameSlice(_ file: InputFile) -> ArraySlice<UInt8> {
    let start = Int(file.nameStart)
    return names[start..<(start + Int(file.nameLength))]
  }
}
