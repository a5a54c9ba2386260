import Foundation
import TestSupport
import Testing

/// A README of the repository.
struct Readme: CustomTestStringConvertible {
  /// Relative to the repository.
  let path: String
  let text: String

  init(_ path: String) throws {
    self.path = path
    text = try String(contentsOf: repository.appending(path: path), encoding: .utf8)
  }

  /// Every README, except for those that a job may have made below `Output`.
  static let all: [Readme] = ["", "Jobs", "Output", "Sources", "Tests"].flatMap(inFolder)

  var testDescription: String { path }

  /// The text between the fences of every block of a language, in order.
  func blocks(_ language: String) -> [String] {
    text.components(separatedBy: "```\(language)\n").dropFirst()
      .compactMap { $0.components(separatedBy: "\n```").first }
  }

  private static func inFolder(_ folder: String) -> [Readme] {
    let isDeep = folder == "Sources" || folder == "Tests"
    let root = repository.appending(path: folder).path
    let files =
      isDeep
      ? FileManager.default.subpaths(atPath: root)
      : try? FileManager.default.contentsOfDirectory(atPath: root)
    return (files ?? []).filter { $0 == "README.md" || $0.hasSuffix("/README.md") }.sorted()
      .compactMap { try? Readme(folder.isEmpty ? $0 : folder + "/" + $0) }
  }
}
