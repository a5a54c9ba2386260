import Bytes
import TestSupport
import Testing

/// What the model of a disk lets a power cut do, and what it does not.
@Suite("A disk in memory")
struct DiskModelTests {
  private static let folder: Path = "/data"

  private func change(
    _ kind: RecordedChange.Kind, _ path: String, _ other: String? = nil, file: Int = 0,
    offset: Int = 0, _ text: String = ""
  ) -> RecordedChange {
    let folder = DiskModelTests.folder
    return RecordedChange(
      kind: kind, path: path.isEmpty ? folder : folder.appending(path),
      other: other.map { folder.appending($0) }, file: file, offset: offset,
      bytes: Array(text.utf8))
  }

  private func model(_ changes: RecordedChange..., on files: [TreeFile] = []) -> DiskModel {
    var model = DiskModel(files)
    model.apply(changes, in: DiskModelTests.folder)
    return model
  }

  /// What a disk holds, as `path=text`.
  private func files(_ model: DiskModel, _ cut: PowerCut) -> [String] {
    model.files(of: model.disk(after: cut)).map { file in
      "\(file.path)=\(String(decoding: file.bytes, as: UTF8.self))"
    }
  }

  /// What the disks of all systematic cuts at the end hold.
  private func outcomes(_ model: DiskModel) -> Set<[String]> {
    Set(PowerCuts(model).systematic([model.time]).map { files(model, $0) })
  }

  @Test("has any part of what no sync covers")
  func nothingSynced() {
    let model = model(change(.create, "a", file: 7), change(.write, "a", file: 7, "text"))
    #expect(outcomes(model) == [[], ["a="], ["a=text"], ["a=\0\0\0\0"]])
    #expect(files(model, PowerCut(time: 2, fates: [1: .cut(2)])) == ["a=te"])
    #expect(files(model, PowerCut(time: 0)) == [])
  }

  @Test("has the bytes of a synced file, and perhaps not its name")
  func syncedFile() {
    let model = model(
      change(.create, "a", file: 7), change(.write, "a", file: 7, "text"),
      change(.syncFile, "a", file: 7))
    #expect(outcomes(model) == [[], ["a=text"]])
    #expect(model.unsynced(at: 2) == [0, 1], "before the sync")
  }

  @Test("has the names of a synced folder, and perhaps not the bytes")
  func syncedFolder() {
    let model = model(
      change(.create, "a", file: 7), change(.write, "a", file: 7, "text"),
      change(.syncFolder, ""))
    #expect(outcomes(model) == [["a="], ["a=text"], ["a=\0\0\0\0"]])
  }

  @Test("has everything after a sync of the file system, and nothing new")
  func syncedFileSystem() {
    let model = model(
      change(.makeFolder, "b"), change(.create, "b/a", file: 7),
      change(.write, "b/a", file: 7, "text"), change(.syncFileSystem, ""),
      change(.remove, "b/a"))
    #expect(outcomes(model) == [["b/a=text"], []])
  }

  @Test("may have a rename without the bytes of the file")
  func renameBeforeBytes() {
    let model = model(
      change(.create, "new", file: 7), change(.write, "new", file: 7, "text"),
      change(.rename, "new", "a"), on: [TreeFile(path: "a", bytes: Array("old".utf8))])
    #expect(
      outcomes(model).isSuperset(of: [["a="], ["a=old"], ["a=text"], ["a=old", "new=text"]]))
  }

  @Test("has a rename from one folder to another when both are synced")
  func renameBetweenFolders() {
    let old = [TreeFile(path: "b/a", bytes: []), TreeFile(path: "c/d", bytes: [])]
    var model = model(
      change(.rename, "b/a", "c/a"), change(.syncFolder, "c"), on: old)
    #expect(outcomes(model) == [["b/a=", "c/d="], ["c/a=", "c/d="]])
    model.apply([change(.syncFolder, "b")], in: DiskModelTests.folder)
    #expect(outcomes(model) == [["c/a=", "c/d="]])
  }

  @Test("has an exchange of two folders whole or not at all")
  func exchange() {
    let old = [TreeFile(path: "b/x", bytes: []), TreeFile(path: "c/y", bytes: [])]
    let model = model(change(.exchange, "b", "c"), on: old)
    #expect(outcomes(model) == [["b/x=", "c/y="], ["b/y=", "c/x="]])
  }

  @Test("follows a file under its new name, and one without a name to nowhere")
  func openFiles() {
    let model = model(
      change(.create, "a", file: 7), change(.rename, "a", "b"),
      change(.write, "a", file: 7, "text"), change(.create, "c", file: 8), change(.remove, "c"),
      change(.write, "c", file: 8, "lost"), change(.link, "b", "d"))
    #expect(files(model, PowerCut(time: model.time)) == ["b=text", "d=text"])
  }

  @Test("leaves alone what happens elsewhere")
  func elsewhere() {
    var model = model(change(.create, "a", file: 7))
    let other = RecordedChange(kind: .create, path: "/database/a", file: 7)
    model.apply([other, change(.write, "a", file: 7, "text")], in: DiskModelTests.folder)
    #expect(files(model, PowerCut(time: model.time)) == ["a="])
  }
}
