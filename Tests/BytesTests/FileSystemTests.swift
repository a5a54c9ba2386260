import Bytes
import Foundation
import TestSupport
import Testing

struct FileSystemTests {
  private func mode(_ path: Path) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path.description)[.posixPermissions] as? Int
  }

  /// Every file with its text; links are followed.
  private func text(of folder: TemporaryFolder) throws -> [String] {
    try FileTree.read(folder.path).map { "\($0.path) \(String(decoding: $0.bytes, as: UTF8.self))" }
  }

  private func canMakeNameless(_ path: Path) -> Bool {
    do {
      _ = try OpenFile.nameless(path)
      return true
    } catch {
      return false
    }
  }

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  @Test("a temporary folder has a new name each time and is closed to others")
  func temporaryFolder() throws {
    let folder = try TemporaryFolder()
    let made = try (0..<3).map { _ in
      try FileSystem.createTemporaryFolder(in: Path(folder.path))
    }
    #expect(Set(made).count == 3)
    for path in made {
      #expect(path.parent == Path(folder.path))
      #expect(try mode(path) == 0o700)
    }
  }

  @Test("a file without a name is not made through a link, nor out of a file that is there")
  func nameless() throws {
    let folder = try TemporaryFolder()
    try FileTree.write("precious", to: "victim", in: folder.path)
    try link(folder.appending("link"), to: folder.appending("victim"))
    for name in ["link", "victim"] {
      #expect(!canMakeNameless(Path(folder.appending(name))))
    }
    #expect(try text(of: folder) == ["link precious", "victim precious"])
  }

  @Test("a file is written through no link that has its temporary name")
  func atomicWriting() throws {
    let folder = try TemporaryFolder()
    try FileTree.write("precious", to: "victim", in: folder.path)
    try link(folder.appending("new.tmp"), to: folder.appending("victim"))
    try FileSystem.writeAtomically(Array("new".utf8).span, to: Path(folder.appending("new")))
    #expect(try text(of: folder) == ["new new", "victim precious"])
  }
}
