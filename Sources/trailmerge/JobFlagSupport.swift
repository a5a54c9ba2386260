import ArgumentParser
import JobFiles
import JobRunner

extension ArgumentHelp {
  /// The help of a job key, so that the key's table is its only source.
  ///
  /// With `listed`, what is expected is shown too: for values that are one of a few names.
  static func key(_ name: String, value: String? = nil, listed: Bool = false) -> ArgumentHelp {
    guard let key = JobKeyDescription.all.first(where: { $0.name == name }) else {
      preconditionFailure("no job key is called \(name)")
    }
    let values = listed ? ": \(key.expected)" : ""
    return ArgumentHelp("\(key.help)\(values) [\(key.name)]", valueName: value)
  }
}

extension JobOverride {
  /// A flag with one value; `nil` when it is not given.
  init?(_ flag: String, _ key: String, _ value: String?) {
    guard let value else { return nil }
    self.init(flag: flag, key: key, values: [value])
  }

  /// A flag that is repeated for each value, which may hold commas.
  init?(_ flag: String, _ key: String, each values: [String]) {
    guard !values.isEmpty else { return nil }
    self.init(flag: flag, key: key, values: values)
  }

  /// A flag whose values are lists with commas, and which may be repeated as well.
  ///
  /// Commas between double quotes, as in a column's name, do not divide.
  init?(_ flag: String, _ key: String, list values: [String]) {
    self.init(flag, key, each: values.flatMap(JobOverride.parts))
  }

  private static func parts(_ list: String) -> [String] {
    var parts = [""]
    var isQuoted = false
    for character in list {
      if character == "\"" { isQuoted.toggle() }
      if character == ",", !isQuoted {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts.map { $0.trimmingPrefix { $0 == " " } }.map(String.init)
  }
}
