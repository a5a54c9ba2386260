import ArgumentParser
import Bytes
import Foundation

/// Runs a program to its end and gives what it printed.
enum ChildProcess {
  struct Failure: Error, CustomStringConvertible {
    var program: String
    var arguments: [String]
    var status: Int32

    var description: String {
      "\(program) \(arguments.joined(separator: " ")) ended with status \(status)"
    }
  }

  /// The `trailmerge` that was built with this program.
  static var trailmerge: String {
    get throws {
      let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      let build = Path(own).parent.appending("trailmerge").description
      guard FileSystem.exists(Path(build)) else {
        throw ValidationError(
          "\(build) is not there: build it with 'swift build -c release', or name it by --with.")
      }
      return build
    }
  }

  static func run(_ program: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(program: program, arguments: arguments, status: process.terminationStatus)
    }
    return output
  }

  /// Runs this program again and decodes the JSON it prints.
  static func runSelf<Output: Decodable>(
    _ arguments: [String], as type: Output.Type
  ) throws -> Output {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return try JSONDecoder().decode(type, from: try run(own, arguments))
  }
}
