import Bytes
import CloudTrail
import Writing

/// Python that reads a dataset's files, for engines that are packages of Python.
///
/// Their own readers of JSON guess types and alter values, in silence. So records are taken apart here,
/// with the standard library: text as it is, all else as its JSON, of two fields of one name the first.
enum PythonScript {
  /// How a package makes a table of rows.
  struct Package {
    /// What imports it.
    var imports: String
    /// A function `frame(rows, columns, typed)`, whose `typed` says which columns are times and which
    /// truth values.
    var frame: String
    /// A function `csv(folder, pattern, columns, keys)`.
    var csv: String
  }

  /// The script.
  ///
  /// - Throws: `TableError` for a place that is not on this machine.
  static func text(
    for tables: [TableDescription], _ package: Package, _ options: TableOptions
  ) throws(TableError) -> String {
    let modules = "datetime, functools, gzip, json, pathlib, re, sys, urllib.parse"
    var blocks = ["import \(modules)\n\(package.imports)"]
    guard let first = tables.first else { return "" }
    let root = try options.root(of: first)
    if root.contains("://") {
      throw TableError(location: root, reason: "the script reads files of this machine only")
    }
    blocks.append("root = pathlib.Path(\(literal(root)))\n\n\n\(files)")
    if tables.contains(where: \.holdsRecords) {
      blocks.append("\(records)\n\n\n\(package.frame)")
      let views = Family.allCases.filter { family in
        tables.contains { $0.holdsRecords && $0.family == family }
      }
      blocks += views.map { typed($0) }
    }
    if tables.contains(where: { !$0.holdsRecords }) { blocks.append(package.csv) }
    return blocks.joined(separator: "\n\n\n") + "\n\n\n"
      + tables.map(definition).joined(separator: "\n\n")
  }

  /// A text literal.
  static func literal(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": literal += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        literal += "\\x" + (digits.count == 1 ? "0" : "") + digits
      default: literal.unicodeScalars.append(scalar)
      }
    }
    return literal + "\""
  }

  private static func list(_ texts: [String]) -> String {
    "[" + texts.map(literal).joined(separator: ", ") + "]"
  }

  private static func definition(of table: TableDescription) -> String {
    let place = "\(literal(table.folder)), \(literal(table.fileGlob))"
    let columns = list(table.columns { $0 }.map(\.name))
    let keys = list(table.keys.map(\.rawValue))
    guard let typed = table.typedName else {
      return "\(table.name) = csv(\(place), \(columns), \(keys))"
    }
    let fields = list(table.columns.map(\.name))
    let view = TypedView(of: table.family)
    let kinds = view.columns.filter { $0.kind != .text }
      .map { "\(literal($0.name)): \(literal($0.kind == .time ? "time" : "boolean"))" }
    let added = (view.columns + view.parts).map(\.name)
    return """
      columns, keys = \(columns), \(keys)
      rows = list(records(\(place), \(fields), columns))
      \(table.name) = frame(rows, columns + ["record"] + keys, {})
      rows = [row | \(function(table.family))(row["record"]) for row in rows]
      added = \(list(added))
      columns = added + [name for name in columns if name not in added]
      \(typed) = frame(rows, columns + ["record"] + keys, {\(kinds.joined(separator: ", "))})
      """
  }

  // MARK: Typed views

  private static func function(_ family: Family) -> String {
    "typed_" + TableDescription.identifier(family.rawValue)
  }

  private static func typed(_ family: Family) -> String {
    let view = TypedView(of: family)
    let parts = view.parts.map { "    \($0.name) = \(python($0.value, view))\n" }
    let columns = view.columns.map { column in
      let value = python(column.value, view)
      let typed =
        switch column.kind {
        case .text: value
        case .time: "time(\(value))"
        case .boolean: "{\"true\": True, \"false\": False}.get(\(value))"
        }
      return "        \(literal(column.name)): \(typed),\n"
    }
    let copies = view.parts.map { "        \(literal($0.name)): \($0.name),\n" }
    return """
      def \(function(family))(record):
          members = fields(record)
      \(parts.joined())    return {
      \(columns.joined())\(copies.joined())    }
      """
  }

  private static func python(_ expression: Expression, _ view: TypedView) -> String {
    switch expression {
    case .column(let name) where view.parts.contains { $0.name == name }: name
    case .column(let name): "inside(members, \(literal(name)))"
    case .field(let column, let path):
      "inside(members, \(([column] + path).map(literal).joined(separator: ", ")))"
    case .text(let text): literal(text)
    case .first(let all): "(" + all.map { python($0, view) }.joined(separator: " or ") + ")"
    case .joined(let all): "join(" + all.map { python($0, view) }.joined(separator: ", ") + ")"
    case .match(let text, let pattern): "match(\(literal(pattern)), \(python(text, view)))"
    case .choice(let choices):
      choices.map { choice in
        "(\(python(choice.value, view)) if \(python(choice.condition, view)) else "
      }.joined() + "None" + String(repeating: ")", count: choices.count)
    }
  }

  private static func python(_ condition: Expression.Condition, _ view: TypedView) -> String {
    switch condition {
    case .isThere(let expression): python(expression, view)
    case .equals(let expression, let text): "\(python(expression, view)) == \(literal(text))"
    case .isNot(let expression, let text): "\(python(expression, view)) != \(literal(text))"
    }
  }

  // MARK: What the scripts have in common

  private static let files = #"""
    def files(folder, pattern):
        """The files of an output with the values of their partitions, in order."""
        for path in sorted((root / folder).rglob(pattern)):
            values = {}
            for part in path.relative_to(root / folder).parts[:-1]:
                key, value = part.split("=", 1)
                missing = value == "__HIVE_DEFAULT_PARTITION__"
                values[key] = None if missing else urllib.parse.unquote(value)
            yield path, values
    """#

  private static let records = #"""
    sys.setrecursionlimit(20_000)
    decode = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode


    # A record is asked for many fields, one after the other.
    @functools.lru_cache(maxsize=8)
    def fields(text):
        """The members of a JSON object without white space, as JSON; of two of one name the first."""
        found, place = {}, 1
        while text[place] != "}":
            key, place = decode(text, place + (text[place] == ","))
            _, end = decode(text, place + 1)
            found.setdefault(key, text[place + 1:end])
            place = end
        return found


    def plain(value):
        """The text of JSON: that of a string, else the JSON itself."""
        if value is None or value == "null":
            return None
        if value[0] != '"':
            return value
        # Half a surrogate pair is no character.
        return json.loads(value).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


    def inside(members, *path):
        """The text at a path; None if it is absent, null or empty."""
        for key in path[:-1]:
            value = members.get(key, "")
            members = fields(value) if value.startswith("{") else {}
        return plain(members.get(path[-1])) or None


    def join(*texts):
        return "".join(texts) if all(texts) else None


    def match(pattern, text):
        found = text and re.search(pattern, text)
        return found[1] if found else None


    def time(text):
        """A time in UTC."""
        try:
            return datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc)
        except (TypeError, ValueError, OverflowError):
            return None


    def records(folder, pattern, names, columns):
        """Each record with its fields and the values of its partition."""
        for path, values in files(folder, pattern):
            opener = gzip.open if path.suffix == ".gz" else open
            with opener(path, "rt", encoding="utf-8", errors="replace", newline="\n") as lines:
                for line in lines:
                    record = line.rstrip("\n")
                    members = fields(record)
                    row = {column: plain(members.get(name)) for name, column in zip(names, columns)}
                    yield row | {"record": record} | values
    """#
}
