import ArgumentParser

/// Where one run of a job, and the floor below it, read and write.
struct RunPlace: ParsableArguments {
  @Argument(help: "The folder with the trail.")
  var input: String

  @Argument(help: "The folder to write to.")
  var output: String

  @Option(help: "Worker threads; 0 is one per core.")
  var threads = 0

  @Flag(inversion: .prefixedNo, help: "Wait for the disk in the end.")
  var sync = true
}
