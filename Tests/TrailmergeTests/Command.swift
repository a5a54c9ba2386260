import Foundation
import TestSupport

/// What a finished command left: its exit status and both of its outputs.
struct CommandResult {
  let status: Int32
  let output: String
  let errors: String
}

/// Runs the built command and waits for its end; the working folder is the repository by default.
func trailmerge(
  _ arguments: String..., in folder: URL = repository, environment: [String: String] = [:]
) throws -> CommandResult {
  try trailmerge(arguments, in: folder, environment: environment)
}

/// The same with the arguments as a list.
func trailmerge(
  _ arguments: [String], in folder: URL = repository, environment: [String: String] = [:]
) throws -> CommandResult {
  try run(
    builtProducts.appending(path: "trailmerge"), arguments, in: folder, environment: environment)
}

/// Runs a job file into a dataset as `trailmerge run` does, at a fraction of the time in a debug build.
///
/// It prints nothing but errors.
func runJob(
  _ job: String, into dataset: String, threads: Int = 1, isRebuild: Bool = false,
  environment: [String: String] = [:]
) throws -> CommandResult {
  try run(
    builtProducts.appending(path: "RunJob"),
    [job, dataset, "\(threads)"] + (isRebuild ? ["--rebuild"] : []), in: repository,
    environment: environment)
}

/// Runs a script with `bash`; `arguments` are its `$0`, its `$1` and so on.
func bash(
  _ script: String, _ arguments: [String] = [], in folder: URL? = nil,
  _ environment: [String: String] = [:]
) throws -> CommandResult {
  try run(
    URL(filePath: "/usr/bin/env"), ["bash", "-c", script] + arguments, in: folder,
    environment: ProcessInfo.processInfo.environment.merging(environment) { $1 })
}

/// Runs a program and waits for its end.
private func run(
  _ program: URL, _ arguments: [String], in folder: URL?, environment: [String: String]
) throws -> CommandResult {
  let process = Process()
  process.executableURL = program
  process.arguments = arguments
  process.currentDirectoryURL = folder
  process.environment = environment
  // Files, since a pipe that fills up would stop the command.
  let scratch = try TemporaryFolder()
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = try scratch.newFile("output")
  process.standardError = try scratch.newFile("errors")
  try process.run()
  process.waitUntilExit()
  return CommandResult(
    status: process.terminationStatus, output: try scratch.text("output"),
    errors: try scratch.text("errors"))
}

/// Begins the built command without waiting for its end; its results are dropped.
func startTrailmerge(
  _ arguments: [String], errors: FileHandle = .nullDevice
) throws -> Process {
  let process = Process()
  process.executableURL = builtProducts.appending(path: "trailmerge")
  process.arguments = arguments
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = FileHandle.nullDevice
  process.standardError = errors
  try process.run()
  return process
}

/// The root of the repository.
let repository = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The folder of the test bundle, where the build puts the command too.
let builtProducts: URL = {
  let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
  return bundle.map { URL(filePath: $0).deletingLastPathComponent() }
    ?? Bundle.main.executableURL?.deletingLastPathComponent()
    ?? repository.appending(path: ".build/debug")
}()

/// A folder of its own, removed with the last reference.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = URL(filePath: temporaryRoot).appending(path: "trailmerge-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// Writes a file and gives its path.
  func write(_ text: String, to name: String) throws -> String {
    let file = url.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }

  /// An empty file, open for writing.
  func newFile(_ name: String) throws -> FileHandle {
    try FileHandle(forWritingTo: URL(filePath: write("", to: name)))
  }
}
