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
