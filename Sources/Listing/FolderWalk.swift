import Bytes

/// Goes through folders in byte order of sources, whoever lists them.
struct FolderWalk {
  /// A folder still to be gone through.
  private struct Pending {
    var folder: ListedFolder
    /// Where it is, its links resolved.
    var place: Path
    var isHidden = false
    /// Where the links are that led here, their own links resolved.
    var links: [Path] = []
    /// By which its listing is known.
    var number = 0

    func child(_ name: [UInt8], place: Path) -> Pending {
      Pending(folder: folder.appending(name), place: place, links: links)
    }
  }

  /// What is still to be handed over.
  private enum Item {
    case files(ListedFiles)
    case folder(Pending)
  }

  private let limits: WalkLimits
  /// The next one comes last.
  private var items: [Item] = []
  /// What was found since the last step.
  private var found: [Listed] = []
  private let ahead: FoldersAhead
  private var nestedLinks = NestedLinks()

  /// - Parameters:
  ///   - roots: Where it begins.
  ///   - limits: Where it does not go.
  ///   - ahead: Lists the folders; it is the walk's alone.
  /// - Throws: `FileError` when an input is not there or cannot be opened.
  init(_ roots: [InputRoot], limits: WalkLimits, _ ahead: FoldersAhead) throws {
    (self.limits, self.ahead) = (limits, ahead)
    var first: [(order: [UInt8], item: Item)] = []
    for root in roots {
      if let reason = limits.reasonToLeaveOut(root.path) {
        found.append(.skipped(reason, source: root.source))
      } else {
        first.append(try FolderWalk.item(root))
      }
    }
    push(first.sorted { $0.order.span.compare(to: $1.order.span) < 0 }.map(\.item))
  }

  private static func item(_ root: InputRoot) throws -> (order: [UInt8], item: Item) {
    let status = try FileSystem.status(root.path)
    guard status.kind == .folder else {
      let file = ListedFile(root.path.lastComponent, status)
      let files = ListedFiles(folder: root.folder, files: [file], isNamed: true)
      return (root.source.bytes, .files(files))
    }
    _ = try OpenFolder(root.path)
    let folder = ListedFolder(path: root.path, source: root.source, depth: 0)
    return (order(of: root.source.bytes), .folder(Pending(folder: folder, place: root.path)))
  }

  /// What comes next; nil at the end.
  mutating func next() throws -> [Listed]? {
    try StopSignal.check()
    if found.isEmpty, items.isEmpty { return nil }
    switch items.popLast() {
    case nil: break
    case .files(let files): found.append(.files(files))
    case .folder(let next):
      switch try ahead.take(next.number) {
      case .success(let listing): take(listing, of: next)
      case .failure(let error):
        if error.isOpenFileLimit { throw error }
        found.append(.failed(error, source: next.folder.source))
      }
    }
    defer { found = [] }
    return found
  }
}

// MARK: - Folders

extension FolderWalk {
  /// Takes a folder apart; what is in it comes next.
  private mutating func take(_ listing: FolderListing, of parent: Pending) {
    let folder = parent.folder
    if limits.isOfDataset(listing) {
      found.append(.skipped(.dataset, source: folder.source))
      return
    }
    var files: [ListedFile] = []
    var folders: [Pending] = []
    for (name, entry) in listing.entries {
      let isHidden = parent.isHidden || name.first == UInt8(ascii: ".")
      switch entry {
      case .file, .link:
        if isHidden {
          found.append(.skipped(.hidden, source: folder.source.appending(name)))
        } else if case .file(let status) = entry {
          files.append(ListedFile(name, status))
        } else {
          follow(name, in: parent, &files, &folders)
        }
      case .folder:
        var next = parent.child(name, place: parent.place.appending(name))
        next.isHidden = isHidden
        folders.append(next)
      case .other, .unwanted: break
      case .unreadable(let error):
        found.append(.failed(error, source: folder.source.appending(name), folder: folder))
      }
    }
    folders = folders.filter { shouldEnter($0) }
    push(files, folders, of: folder)
  }

  private mutating func shouldEnter(_ next: Pending) -> Bool {
    let isLinkToInput = !next.links.isEmpty && limits.isInput(next.place)
    guard let reason = limits.reasonToLeaveOut(next.place) ?? (isLinkToInput ? .link : nil) else {
      return true
    }
    found.append(.skipped(reason, source: next.folder.source))
    return false
  }

  /// Takes what a link leads to, if there is anything to read by it.
  private mutating func follow(
    _ name: [UInt8], in parent: Pending, _ files: inout [ListedFile], _ folders: inout [Pending]
  ) {
    let path = parent.folder.path.appending(name)
    let source = parent.folder.source.appending(name)
    let status: FileStatus
    let place: Path
    do throws(FileError) {
      status = try FileSystem.status(path)
      place = try FileSystem.resolved(path)
    } catch {
      let leadsNowhere = error.isNotFound || error.isLinkLoop
      found.append(leadsNowhere ? .skipped(.link, source: source) : .failed(error, source: source))
      return
    }
    let links = parent.links + [parent.place]
    guard limits.isNew(place, by: links),
      parent.links.isEmpty || nestedLinks.takes(place)
    else {
      found.append(.skipped(.link, source: source))
      return
    }
    switch status.kind {
    case .file: files.append(ListedFile(name, status))
    case .folder:
      var next = parent.child(name, place: place)
      next.links = links
      folders.append(next)
    case .link, .other: break
    }
  }
}

// MARK: - Order

extension FolderWalk {
  /// Puts what is in a folder before all that waits: files and folders by their names, each folder
  /// where the paths in it belong.
  private mutating func push(
    _ files: [ListedFile], _ folders: [Pending], of folder: ListedFolder
  ) {
    var ordered: [Item] = []
    func add(_ range: Range<Int>) {
      guard !range.isEmpty else { return }
      ordered.append(.files(ListedFiles(folder: folder, files: Array(files[range]))))
    }
    var start = 0
    let named = folders.map { (name: FolderWalk.order(of: $0.folder.path.lastComponent), $0) }
    for (name, next) in named.sorted(by: { $0.name.span.compare(to: $1.name.span) < 0 }) {
      let end =
        files[start...].firstIndex { $0.name.span.compare(to: name.span) > 0 } ?? files.count
      add(start..<end)
      ordered.append(.folder(next))
      start = end
    }
    add(start..<files.count)
    push(ordered)
  }

  /// Puts items before all that wait.
  private mutating func push(_ ordered: [Item]) {
    let folders = ordered.compactMap { item in
      if case .folder(let next) = item { (next.folder, next.isHidden) } else { nil }
    }
    var number = ahead.add(folders)
    let numbered = ordered.map { item in
      guard case .folder(var folder) = item else { return item }
      folder.number = number
      number += 1
      return .folder(folder)
    }
    items += numbered.reversed()
  }

  /// What is compared of a folder's name: the paths of its files go on with a slash.
  private static func order(of folder: [UInt8]) -> [UInt8] {
    folder.last == UInt8(ascii: "/") ? folder : folder + [UInt8(ascii: "/")]
  }
}
