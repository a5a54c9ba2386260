import Bytes

/// Paths by their text; only `isInside(_:_:)` and `real(_:)` look at the disk, and only at links.
enum AbsolutePath {
  /// A path relative to a folder made absolute, with `.`, `..` and doubled slashes gone.
  ///
  /// `..` is taken from the text, as `cd` does, and not from where a link leads.
  static func resolve(_ path: String, in folder: String) -> String {
    plain(path.hasPrefix("/") ? path : folder + "/" + path)
  }

  /// A path without `.`, doubled slashes, and what `..` takes back; absolute if it was.
  ///
  /// Only at the beginning of a relative path `..` stays.
  static func plain(_ path: String) -> String {
    let isAbsolute = path.hasPrefix("/")
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(part)
      } else if let last = parts.last, last != ".." {
        parts.removeLast()
      } else if !isAbsolute {
        parts.append(part)
      }
    }
    return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
  }

  /// All but the last part of a path.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Whether one absolute path is another or below it, by text or once links are followed.
  static func isInside(_ path: String, _ folder: String) -> Bool {
    Path(path).isAt(orBelow: Path(folder)) || real(path).isAt(orBelow: real(folder))
  }

  /// The path with links followed as far as it exists.
  static func real(_ path: String) -> Path {
    if let resolved = try? FileSystem.resolved(Path(path)) { return resolved }
    return path == "/" ? "/" : real(folder(of: path)).appending(name(of: path))
  }
}
