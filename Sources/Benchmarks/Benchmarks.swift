import ArgumentParser
import Bytes

/// Times the stages and whole jobs.
@main
struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Benchmarks",
    abstract:
      "Times trailmerge on made-up trails: its stages, whole jobs, and the floor below them.",
    discussion: """
      The floor is what no program that inflates with zlib can beat: the same files inflated by as \
      many threads, and the same number of bytes written to as many files. Absolute times are \
      worth little on a busy machine; ratios taken in one run are worth more.
      """,
    subcommands: [
      MeasureCommand.self, ScalingCommand.self, NightlyCommand.self, VariantsCommand.self,
      JobCommand.self, FloorCommand.self,
    ],
    defaultSubcommand: MeasureCommand.self)

  static func main() {
    MachineMemory.returnLargeBlocks()
    main(nil)
  }

  /// A debug build is several times slower, so its numbers would only mislead.
  static func refuseDebugBuilds() throws {
    #if DEBUG
      throw ValidationError(
        "This is a debug build, whose timings mean nothing: use 'swift run -c release Benchmarks'.")
    #endif
  }
}
