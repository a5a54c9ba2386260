import Foundation
import Testing

/// The commands of the README, run as they are printed: blocks marked `sh`, one after the other.
///
/// Blocks marked `console` show what needs a fresh machine, AWS or a reader's own files.
struct ReadmeTests {
  @Test("every command in the README runs")
  func commands() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      at: repository.appending(path: "Jobs"), to: folder.url.appending(path: "Jobs"))
    let blocks = try shellBlocks()
    #expect(blocks.count >= 6)
    for block in blocks {
      let result = try run(block, in: folder.url)
      #expect(result.status == 0, "\(block)\n\(result.errors)")
    }
  }

  /// The text between the fences of every `sh` block.
  private func shellBlocks() throws -> [String] {
    let text = try String(
      contentsOf: repository.appending(path: "README.md"), encoding: .utf8)
    return text.components(separatedBy: "```sh\n").dropFirst()
      .compactMap { $0.components(separatedBy: "\n```").first }
  }

  /// Runs a block with `trailmerge` in its path; 3 is what the demo's damaged file asks for.
  private func run(_ block: String, in folder: URL) throws -> CommandResult {
    let script = """
      trailmerge() { local status=0; command trailmerge "$@" || status=$?; \
      [ $status -eq 3 ] || return $status; }
      \(block)
      """
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return try bash(
      "set -euo pipefail\n" + script, in: folder, ["PATH": "\(builtProducts.path):\(path)"])
  }
}
