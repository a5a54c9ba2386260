import Foundation
import Testing

/// What the compiler does not notice about the package itself.
struct PackageTests {
  @Test("every folder of tests is a target, so that its tests run")
  func testTargets() throws {
    let manifest = try String(
      contentsOf: repository.appending(path: "Package.swift"), encoding: .utf8)
    let folders = try FileManager.default
      .contentsOfDirectory(atPath: repository.appending(path: "Tests").path)
      .filter { $0.hasSuffix("Tests") }
    #expect(folders.count > 10)
    for folder in folders {
      #expect(manifest.contains("name: \"\(folder)\""), "\(folder) is in no target")
    }
  }
}
