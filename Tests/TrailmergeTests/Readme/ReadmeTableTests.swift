import Foundation
import Testing

/// The parts of the READMEs that repeat what the code says: keys, flags, exit statuses, defaults.
///
/// Each is between `<!-- NAME -->` and `<!-- /NAME -->`. With `TRAILMERGE_ACCEPT=1` they are written
/// again: `TRAILMERGE_ACCEPT=1 swift test --filter ReadmeTableTests`.
@Suite("Tables of the READMEs", .serialized)
struct ReadmeTableTests {
  @Test("the exit statuses are those of the help")
  func exitStatuses() throws {
    let discussion = try CommandHelp.load().command.discussion ?? ""
    let rows = discussion.split(separator: "\n").compactMap { line -> [String]? in
      let parts = line.split(separator: " ", maxSplits: 1)
      guard line.hasPrefix("  "), let status = Int(parts[0]), parts[1].hasPrefix(" ") else {
        return nil
      }
      return [String(status), String(parts[1].trimmingPrefix { $0 == " " })]
    }
    #expect(rows.count == 9)
    try check("exit statuses", in: "README.md", ["Status", "Meaning"], rows)
  }

  @Test("the job keys are those of the code, each with its flag")
  func keys() throws {
    let run = try #require(try CommandHelp.load().commands.first { $0.commandName == "run" })
    let lines = try trailmerge("check", "--keys").output.split(separator: "\n")
    let rows = stride(from: 0, to: lines.count - 1, by: 2).map { index -> [String] in
      let (key, help) = halves(lines[index], at: ": ")
      let flag = run.flags.first { $0.key == key && !$0.longName.hasPrefix("no-") }
      let value = lines[index + 1].trimmingCharacters(in: .whitespaces)
      return [code(key), help, value, flag.map { code("--" + $0.longName) } ?? ""]
    }
    #expect(rows.count > 30)
    try check("keys", in: "Jobs/README.md", ["Key", "Meaning", "Value", "Flag"], rows)
  }

  @Test("what a job leaves out has the defaults of the code")
  func defaults() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("inputs: [mirror]\ndataset: out\n", to: "job.yaml")
    let job = try trailmerge("check", "job.yaml", in: folder.url).output
    let start = try #require(job.range(of: "\nfamilies:")).lowerBound
    let rest = job[start...].trimmingCharacters(in: .newlines)
    try check("defaults", in: "Jobs/README.md", "```yaml\n\(rest)\n```")
  }

  @Test("the columns are those that a CSV has")
  func columns() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(#"{"eventTime":"2026-11-19T00:00:00Z","eventID":"a"}"#, to: "a.json")
    let run = try trailmerge(
      "consolidate", "a.json", "-o", "out", "--format", "csv", "--partition-by", "dt",
      in: folder.url)
    #expect(run.status == 0)
    let csv = try folder.text("out/csv/dt=2026-11-19/part-00000.csv")
    let names = csv.prefix { $0 != "\r\n" }.split(separator: ",")
    #expect(names.count > 30)
    try check(
      "columns", in: "Output/README.md", names.map { code(String($0)) }.joined(separator: ",\n"))
  }

  @Test("the flags without a key are those of the commands")
  func flags() throws {
    let rows = try CommandHelp.load().commands.filter { $0.commandName != "consolidate" }
      .flatMap { command in
        command.flags.filter { $0.key == nil && !$0.longName.hasPrefix("no-") }.map { flag in
          let name = command.commandName
          return [
            name == "run" ? "run, consolidate" : name, code("--" + flag.longName),
            meaning(of: flag),
          ]
        }
      }
    #expect(rows.count > 20)
    try check("flags", in: "Jobs/README.md", ["Command", "Flag", "Meaning"], rows)
  }

  @Test("every command has its line in the README")
  func commands() throws {
    let section = try #require(
      try Readme("README.md").text.components(separatedBy: "\n## Commands\n").last?
        .components(separatedBy: "\n## ").first)
    let names = try CommandHelp.load().commands.map(\.commandName)
    let rows = section.components(separatedBy: "\n| `trailmerge ").dropFirst()
      .map { String($0.prefix { $0.isLetter }) }
    #expect(rows == names)
  }

  // MARK: - Writing and comparing

  private func code(_ text: String) -> String { "`\(text)`" }

  private func halves(_ text: Substring, at separator: String) -> (String, String) {
    let parts = text.components(separatedBy: separator)
    return (parts[0], parts.dropFirst().joined(separator: separator))
  }

  /// What a flag is for, with its values or its default.
  private func meaning(of flag: CommandHelp.Argument) -> String {
    let about = (flag.abstract ?? "").trimmingCharacters(in: ["."])
    let standard = flag.defaultValue.map { "default \(code($0))" }
    let values = flag.allValues.map { $0.map(code).joined(separator: ", ") }
    let notes = [values, standard].compactMap { $0 }.joined(separator: "; ")
    return notes.isEmpty ? about : "\(about) (\(notes))"
  }

  private func check(
    _ name: String, in path: String, _ header: [String], _ rows: [[String]]
  ) throws {
    let lines = [header, header.map { _ in "---" }] + rows
    try check(
      name, in: path,
      lines.map { "| \($0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |" }
        .joined(separator: "\n"))
  }

  private func check(_ name: String, in path: String, _ expected: String) throws {
    let text = try Readme(path).text
    let start = try #require(text.range(of: "<!-- \(name) -->\n")).upperBound
    let end = try #require(text.range(of: "\n<!-- /\(name) -->")).lowerBound
    if ProcessInfo.processInfo.environment["TRAILMERGE_ACCEPT"] != nil {
      try (text[..<start] + expected + text[end...]).write(
        to: repository.appending(path: path), atomically: true, encoding: .utf8)
    } else {
      #expect(text[start..<end] == expected, "TRAILMERGE_ACCEPT=1 writes \(path) again")
    }
  }
}
