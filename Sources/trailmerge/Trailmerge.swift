import ArgumentParser

/// The command line's root.
@main
struct Trailmerge: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "trailmerge")
}
