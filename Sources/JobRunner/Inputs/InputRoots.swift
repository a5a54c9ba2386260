import Bytes
import JobFiles
import Listing
import Reading

extension Job {
  /// The inputs as they are read: where each is, and what its files are known by.
  ///
  /// - Throws: `FileError` when an input is not there, `RunError.usage` when two do not go
  ///   together: that can have changed since the job was checked.
  func inputRoots() throws -> [InputRoot] {
    if let problem = InputRules.problems(inputs).first {
      throw RunError.usage("inputs: \(problem.message)")
    }
    return try inputs.map { input in
      let path = Path(input.path)
      let isFolder = try FileSystem.status(path).kind == .folder
      return InputRoot(
        path: try FileSystem.place(ofInput: path),
        source: input.source(isFolder: isFolder).path)
    }
  }
}
