import Bytes
import CloudTrail
import JobFiles
import Listing

/// An input of a job as a place for what is fetched from a bucket.
struct KeyInput {
  /// What reports and the dataset call it.
  let name: Path
  let path: Path
  /// What it mirrors; nil if the job does not say.
  let address: BucketAddress?

  /// A folder below the input, by its names.
  func folder(_ parts: ArraySlice<ArraySlice<UInt8>>) -> ListedFolder {
    let below = Path(bytes: Array(parts.joined(separator: [ASCII.slash])))
    return ListedFolder(
      path: path.appending(below), source: name.appending(below), depth: parts.count)
  }
}

/// Finds the input that an object belongs to.
///
/// With a `url` the bucket and the prefix decide. Without one a key is the path below the input; where
/// a job has several such inputs, its first part is the input's name.
struct KeyInputs: CustomStringConvertible {
  private let inputs: [KeyInput]
  /// The one that is asked for.
  private let only: Path?
  private let base: BucketAddress?
  /// Whether the job has one input.
  private let isSingle: Bool

  /// - Throws: `RunError.usage` for an input that the job does not have.
  init(_ job: Job, _ options: NewKeys.Options) throws {
    let folders = job.inputs.filter { $0.isFolderOrAbsent }
    inputs = folders.map { input in
      let path = Path(input.path)
      return KeyInput(
        name: input.source(isFolder: true).path,
        path: (try? FileSystem.place(ofInput: path)) ?? path, address: input.address)
    }
    only = options.input.map { Path($0) }
    base = options.base
    isSingle = job.inputs.count == 1
    let names = inputs.map { printable($0.name) }.joined(separator: ", ")
    if let only, !inputs.contains(where: { $0.name == only }) {
      throw RunError.usage(
        "--input-name: expected the name of an input that is a folder (\(names)), found "
          + printable(only))
    }
    if inputs.isEmpty {
      throw RunError.usage("inputs: expected a folder that what is fetched goes to")
    }
  }

  /// The input that an object is of, and what follows of its key.
  ///
  /// - Returns: Nil for an object of no input, or of another one than is asked for.
  /// - Throws: `RunError.usage` for a key of which nobody can say whose it is; `KeyPlaceError` for one
  ///   that cannot be fetched by the input's address.
  func place(of listed: ListedKey) throws -> (KeyInput, ArraySlice<UInt8>)? {
    guard let (input, path) = try anyPlace(of: listed), only == nil || only == input.name,
      !path.isEmpty
    else { return nil }
    return (input, path)
  }

  private func anyPlace(of listed: ListedKey) throws -> (KeyInput, ArraySlice<UInt8>)? {
    var (bucket, key) = (listed.bucket, listed.key)
    if bucket == nil, let base {
      bucket = base.bucket
      key = base.start + key
    }
    let places = inputs.compactMap { input -> (KeyInput, ArraySlice<UInt8>)? in
      guard let address = input.address, bucket == nil || bucket == address.bucket else {
        return nil
      }
      return address.path(of: key).map { (input, $0) }
    }
    let wanted = places.count > 1 ? places.filter { $0.0.name == only } : places
    if places.count > 1, wanted.count != 1 {
      let names = places.map { printable($0.0.name) }.joined(separator: " or of ")
      throw RunError.usage(
        "keys of a list without buckets may be of \(names): say of which with --input-name or "
          + "--base")
    }
    guard let (input, path) = wanted.first else { return withoutAddress(listed.key) }
    if let address = input.address, !key[..<path.startIndex].elementsEqual(address.start) {
      throw KeyPlaceError(address: address, start: key[..<path.startIndex])
    }
    return (input, path)
  }

  /// The input without an address that a key is of.
  private func withoutAddress(_ key: [UInt8]) -> (KeyInput, ArraySlice<UInt8>)? {
    let plain = inputs.filter { $0.address == nil }
    if let only { return plain.first { $0.name == only }.map { ($0, key[...]) } }
    if isSingle { return plain.first.map { ($0, key[...]) } }
    return plain.lazy.compactMap { input in
      let start = input.name.bytes + [ASCII.slash]
      return key.starts(with: start) ? (input, key.dropFirst(start.count)) : nil
    }.first
  }

  /// How a key is written: as the path below the input; where none is asked for of several, after its name.
  func written(_ path: ArraySlice<UInt8>, of input: KeyInput) -> [UInt8] {
    isSingle || only != nil ? Array(path) : input.name.bytes + [ASCII.slash] + path
  }

  /// The inputs and what they mirror.
  var description: String {
    inputs.filter { only == nil || $0.name == only }.map { input in
      let address = input.address.map { address in
        let key = Array(address.prefix.joined(separator: [ASCII.slash]))
        return " (\(ObjectKey(bucket: address.bucket, key: key)))"
      }
      return "input \(printable(input.name))\(address ?? "")"
    }.joined(separator: " or ")
  }
}

/// A key has other empty folders than the address of its input, so that what is fetched from there never
/// has it.
struct KeyPlaceError: Error, CustomStringConvertible {
  let address: BucketAddress
  /// What the key has before the path.
  let start: ArraySlice<UInt8>

  var description: String {
    let needed = ObjectKey(bucket: address.bucket, key: Array(start))
    return "is of no input: it needs url: \(needed)"
  }
}

extension Job.Input {
  /// Whether files can be fetched to it; what is not there yet is made.
  fileprivate var isFolderOrAbsent: Bool {
    guard let kind = try? FileSystem.status(Path(path)).kind else { return true }
    return kind == .folder
  }
}
