/// Finds what a misspelt name was meant to be.
enum NearestName {
  /// The name with the fewest edits to the one given; the first of several.
  static func of(_ name: String, among names: [String]) -> String? {
    let typed = Array(name.lowercased().unicodeScalars)
    return names.min { distance(typed, $0) < distance(typed, $1) }
  }

  /// The edits between a typed name and a known one: insert, delete, replace, swap neighbours.
  private static func distance(_ typed: [Unicode.Scalar], _ name: String) -> Int {
    let name = Array(name.lowercased().unicodeScalars)
    var beforeLast: [Int] = []
    var last = Array(0...name.count)
    for row in typed.indices {
      var current = [row + 1]
      for column in name.indices {
        let same = typed[row] == name[column]
        var best = min(last[column] + (same ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, typed[row] == name[column - 1], typed[row - 1] == name[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[name.count]
  }
}
