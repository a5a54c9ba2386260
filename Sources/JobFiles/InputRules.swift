public import Bytes
import CloudTrail

/// What the inputs of a job must be, seen together: apart from one another, each with a name of its
/// own.
///
/// Names depend on what is a folder and what a file, so an input that is not there is not judged.
public enum InputRules {
  /// What is wrong with one input.
  public struct Problem {
    /// Which input.
    public var index: Int
    public var message: String
  }

  /// What is wrong with the inputs, at most one problem for each.
  ///
  /// - Parameter inputs: The inputs of a job, in its order.
  /// - Returns: The problems; none if the inputs go together.
  /// - Complexity: O(inputs) and a look at the disk for each.
  public static func problems(_ inputs: [Job.Input]) -> [Problem] {
    let nested = nested(inputs)
    // What is one input twice has one name too, which is no second problem.
    let indices = Set(nested.map(\.index))
    return nested + ownFolders(inputs) + namesakes(inputs).filter { !indices.contains($0.index) }
      + nestedAddresses(inputs)
  }

  // MARK: Places

  /// Inputs that are another one or are inside it, by text or once links are followed: their files
  /// would have two names.
  private static func nested(_ inputs: [Job.Input]) -> [Problem] {
    let real = inputs.map { AbsolutePath.real($0.path) }
    return zip(containers(inputs.map { Path($0.path) }), containers(real)).enumerated()
      .compactMap { index, outer in
        guard let number = outer.0 ?? outer.1 else { return nil }
        let relation = real[index] == real[number] ? "the same as" : "inside"
        return Problem(
          index: index,
          message:
            "expected inputs apart from one another: \(inputs[index].written) is \(relation) "
            + inputs[number].written)
      }
  }

  /// For each path the number of another one that is the same and comes before it, or that it is in.
  private static func containers(_ paths: [Path]) -> [Int?] {
    var numbers: [Path: Int] = [:]
    for (number, path) in paths.enumerated() where numbers[path] == nil { numbers[path] = number }
    return paths.enumerated().map { number, path in
      if let first = numbers[path], first != number { return first }
      var folder = path
      while folder != folder.parent {
        folder = folder.parent
        if let outer = numbers[folder] { return outer }
      }
      return nil
    }
  }

  /// The tool's own folders hold nothing that is an input.
  private static func ownFolders(_ inputs: [Job.Input]) -> [Problem] {
    inputs.enumerated().compactMap { index, input in
      [Path(input.path), AbsolutePath.real(input.path)].contains { $0.hasPart(OwnFolder.name) }
        ? Problem(
          index: index, message: "expected an input outside the \(OwnFolder.name) of a dataset")
        : nil
    }
  }

  /// Inputs that mirror what another one mirrors too: nobody could say whose an object is.
  private static func nestedAddresses(_ inputs: [Job.Input]) -> [Problem] {
    let addresses = inputs.map(\.address)
    return inputs.indices.compactMap { index in
      guard let address = addresses[index] else { return nil }
      let outer = inputs.indices.first { other in
        guard other != index, let outer = addresses[other], address.isAt(orBelow: outer) else {
          return false
        }
        return address != outer || other < index
      }
      return outer.map {
        Problem(
          index: index,
          message:
            "expected urls apart from one another: \(inputs[index].url ?? "") is the same as "
            + "\(inputs[$0].url ?? "") or below it")
      }
    }
  }

  // MARK: Names

  /// Inputs whose files would be known by the same paths.
  private static func namesakes(_ inputs: [Job.Input]) -> [Problem] {
    let sources = inputs.map { $0.sourceIfKnown() }
    // Paths are compared as bytes: Swift's texts can be equal where names of files are not.
    var folders: [Path: Int] = [:]
    var files: [Path: Int] = [:]
    var problems: [Problem] = []
    func note(_ index: Int, _ first: Int, _ name: Path) {
      problems.append(
        Problem(
          index: index,
          message:
            "\(inputs[first].written) and \(inputs[index].written) are both known as \(name): "
            + "give one a name, with the key name or as NAME=PATH"))
    }
    for (index, source) in sources.enumerated() {
      guard let source else { continue }
      if let name = source.name {
        if let first = folders.updateValue(folders[name] ?? index, forKey: name) {
          note(index, first, name)
        }
      } else if let first = files.updateValue(files[source.path] ?? index, forKey: source.path) {
        note(index, first, source.path)
      }
    }
    for (path, index) in files.sorted(by: { $0.value < $1.value }) {
      let name = Path(bytes: Array(path.bytes.prefix { $0 != ASCII.slash }))
      if let first = folders[name] { note(index, first, name) }
    }
    return problems
  }
}

extension Job.Input {
  /// What reports and the dataset call an input.
  public struct Source {
    /// The name that no other input may have; nil for a file that has none but its path.
    public var name: Path?
    /// What the paths of its files begin with; of a file, all of it.
    public var path: Path
  }

  /// What the files of this input are known by.
  public func source(isFolder: Bool) -> Source {
    if isFolder {
      let name = Path(name ?? AbsolutePath.name(of: path))
      return Source(name: name, path: name)
    }
    if let name {
      return Source(name: Path(name), path: Path(name).appending(AbsolutePath.name(of: path)))
    }
    return Source(name: nil, path: Path(AbsolutePath.plain(written)))
  }

  /// Nil for an input that is not there, unless it has a name.
  fileprivate func sourceIfKnown() -> Source? {
    guard let kind = try? FileSystem.status(Path(path)).kind else {
      return name.map { Source(name: Path($0), path: Path($0)) }
    }
    return source(isFolder: kind == .folder)
  }
}
