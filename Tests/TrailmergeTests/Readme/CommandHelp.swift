import Foundation

/// What the command says of itself with `--experimental-dump-help`: the source of the tables.
struct CommandHelp: Decodable {
  let command: Command

  struct Command: Decodable {
    let commandName: String
    let discussion: String?
    let arguments: [Argument]?
    let subcommands: [Command]?

    /// The flags and options of its own, without those that all commands have.
    var flags: [Argument] {
      (arguments ?? []).filter { $0.names != nil && !["version", "help"].contains($0.longName) }
    }
  }

  struct Argument: Decodable {
    let abstract: String?
    let names: [Name]?
    let defaultValue: String?
    let allValues: [String]?

    var longName: String { names?.first { $0.kind == "long" }?.name ?? "" }

    /// The key of a job file that the flag replaces, as the help shows it in brackets.
    var key: String? {
      guard let abstract, abstract.hasSuffix("]"), let start = abstract.lastRange(of: " [") else {
        return nil
      }
      return String(abstract[start.upperBound...].dropLast())
    }
  }

  struct Name: Decodable {
    let kind: String
    let name: String
  }

  /// The commands that do something, in the order of the help.
  var commands: [Command] { (command.subcommands ?? []).filter { $0.commandName != "help" } }

  static func load() throws -> CommandHelp {
    let text = try trailmerge("--experimental-dump-help").output
    return try JSONDecoder().decode(CommandHelp.self, from: Data(text.utf8))
  }
}

extension String {
  fileprivate func lastRange(of part: String) -> Range<String.Index>? {
    range(of: part, options: .backwards)
  }
}
