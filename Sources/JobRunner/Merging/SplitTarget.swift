import Bytes
import CloudTrail
import Dataset

/// The folder that the pieces of a dataset are written to, where a split that was killed may have begun.
///
/// A piece that is there is whole, since it was committed. What else such a split left holds nothing.
struct SplitTarget {
  let folder: Path
  /// Whether the folder was there before.
  private let wasThere: Bool

  /// - Throws: `FileError` for a folder that cannot be made.
  init(_ folder: Path) throws {
    self.folder = folder
    wasThere = try FileSystem.isThere(folder)
    try FileSystem.createFolders(folder)
  }

  /// Checks that nothing is there but these pieces, as far as they were written.
  ///
  /// - Parameters:
  ///   - pieces: All that will be there.
  ///   - isPiece: Whether a dataset is the piece that is to be in its place.
  /// - Throws: `RunError.usage` for a folder with anything else; what `isPiece` throws.
  func check(_ pieces: [PlannedPiece], isPiece: (Manifest, PlannedPiece) throws -> Bool) throws {
    if pieces.map(\.path) != [folder] {
      let names = Set(pieces.map(\.path.lastComponent))
      let others = try entries { !names.contains($0) && !SplitTarget.isTemporary($0) }
      if !others.isEmpty { throw notEmpty }
    }
    for piece in pieces where try FileSystem.isThere(piece.path) {
      guard try FileSystem.status(piece.path, followLinks: false).kind != .link else {
        throw notEmpty
      }
      let layout = DatasetLayout(piece.path)
      if try FileSystem.isThere(layout.manifest) {
        guard try isPiece(StoredDataset(layout).manifest, piece) else { throw notEmpty }
        continue
      }
      // A commit that was begun is ended before anything is written.
      if try FileSystem.isThere(layout.journal) { continue }
      guard try !layout.hasTree() && SplitTarget.holdsNothing(piece.path, of: layout) else {
        throw notEmpty
      }
    }
  }

  /// Whether there is no file but what a run works with, before its commit.
  private static func holdsNothing(_ path: Path, of layout: DatasetLayout) throws -> Bool {
    for entry in try OpenFolder(path).entries() {
      let path = path.appending(entry.name)
      if path == layout.own { continue }
      guard try FileSystem.status(path, followLinks: false).kind == .folder,
        try holdsNothing(path, of: layout)
      else { return false }
    }
    return true
  }

  /// Of the folder itself.
  private func entries(where isWanted: ([UInt8]) -> Bool) throws -> [[UInt8]] {
    try OpenFolder(folder).entries().map(\.name).filter(isWanted)
  }

  private static func isTemporary(_ name: [UInt8]) -> Bool {
    FileSystem.isTemporaryFolder(name)
  }

  var notEmpty: RunError {
    .usage("\(folder) is not empty: what is cut off needs a folder of its own")
  }

  /// The folder has pieces of another cut through the same dataset.
  func isCut(into count: Int) -> RunError {
    .usage(
      "\(folder) has pieces of a split --into \(count): another cut needs a folder of its own")
  }

  /// Removes what a killed split worked with.
  func removeLeftovers() throws {
    for name in try entries(where: SplitTarget.isTemporary) {
      _ = try FileSystem.removeEmptyFolder(folder.appending(name))
    }
  }

  /// Removes pieces that this split wrote: a part of them is of no use.
  func remove(_ pieces: [PlannedPiece]) {
    for piece in pieces {
      if piece.path != folder {
        try? FileSystem.removeTree(piece.path)
      } else if let names = try? entries(where: { _ in true }) {
        for name in names { try? FileSystem.removeTree(folder.appending(name)) }
      }
    }
    if !wasThere { _ = try? FileSystem.removeEmptyFolder(folder) }
  }
}
