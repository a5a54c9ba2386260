import CloudTrail

extension ValueKind where Value == TimeBound {
  static var time: ValueKind {
    text(
      "a date, a time such as 2026-11-01T08:30:00Z, now, today, yesterday, 7d or 24h", of: \.text
    ) { text, reader in
      TimeExpression.instant(text, now: reader.now)
        .map { TimeBound(text: text, secondsSince1970: $0) }
    }
  }
}

extension ValueKind where Value == DayBound {
  static var day: ValueKind {
    text("a date, today, yesterday or days ago such as 7d", of: \.text) { text, reader in
      TimeExpression.day(text, now: reader.now).map { DayBound(text: text, day: $0) }
    }
  }
}

extension ValueKind where Value == String {
  /// Refuses digits of another number than 12: something took them for a number on the way here,
  /// and the leading zeros are gone.
  static var account: ValueKind {
    text("an account id of 12 digits or a shell glob") { text, _ in
      let isNumber = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      return text.isEmpty || isNumber && text.utf8.count != 12 ? nil : text
    }
  }
}

extension ValueKind where Value == SelectionRule {
  /// A mapping from field paths to a pattern or a list of patterns, and from `absent` to paths.
  static var rule: ValueKind {
    let expected = "a rule such as { eventName: [Decrypt, \"Get*\"], absent: errorCode }"
    return ValueKind(
      expected: expected,
      read: { value, key, reader in
        guard case .mapping(let entries) = value.content, !entries.isEmpty else {
          reader.noteMismatch(value, expected: expected, key: key)
          return nil
        }
        let problemsBefore = reader.problems.count
        var rule = SelectionRule(conditions: [])
        for entry in entries {
          let name = "\(key).\(entry.key)"
          if entry.key == SelectionRule.absentKey {
            rule.absent = ValueKind<[String]>.absentFields.read(entry.value, name, &reader) ?? []
          } else if let condition = condition(entry, named: name, in: key, &reader) {
            rule.conditions.append(condition)
          }
        }
        rule.noteContradictions(key, entries, &reader)
        return reader.problems.count == problemsBefore ? rule : nil
      },
      write: { "{ \($0.text) }" })
  }

  /// Reads one field and its patterns; what is wrong is noted.
  private static func condition(
    _ entry: JobValue.Entry, named name: String, in key: String, _ reader: inout JobReader
  ) -> SelectionRule.Condition? {
    guard !entry.key.isEmpty else {
      reader.note("expected the path of a field", key: key, at: entry.position)
      return nil
    }
    do throws(ColumnError) {
      _ = try FieldPath(parsing: entry.key)
    } catch {
      reader.note(error.description, key: name, at: entry.position)
      return nil
    }
    if case .null = entry.value.content {
      let rule = "\(SelectionRule.absentKey): \(YAMLText.scalar(entry.key))"
      reader.note(
        "expected a pattern, not nothing; for a field that is missing or null: \(rule)",
        key: name, at: entry.value.position)
      return nil
    }
    guard let patterns = ValueKind<[String]>.list(of: .pattern).read(entry.value, name, &reader)
    else { return nil }
    if case .list(let items) = entry.value.content, items.isEmpty {
      reader.noteMismatch(entry.value, expected: "at least one pattern", key: name)
    }
    return SelectionRule.Condition(path: entry.key, patterns: patterns)
  }
}

extension SelectionRule {
  /// What a rule calls its list of fields that must be missing; a field of this name is written in
  /// double quotes of its own, as in `'"absent"'`.
  fileprivate static let absentKey = "absent"

  /// Notes fields that must have a text and be missing as well: no record can match.
  fileprivate func noteContradictions(
    _ key: String, _ entries: [JobValue.Entry], _ reader: inout JobReader
  ) {
    let missing = absent.compactMap { try? FieldPath(parsing: $0) }
    for condition in conditions {
      guard let path = try? FieldPath(parsing: condition.path), missing.contains(path) else {
        continue
      }
      reader.note(
        "expected a pattern or \(SelectionRule.absentKey), not both: no record could match",
        key: "\(key).\(condition.path)",
        at: entries.first { $0.key == condition.path }?.position)
    }
  }
}

extension ValueKind where Value == [String] {
  /// One or more paths of fields.
  fileprivate static var absentFields: ValueKind {
    let list = ValueKind.list(of: .field)
    return ValueKind(
      expected: list.expected,
      read: { value, key, reader in
        if case .list(let items) = value.content, items.isEmpty {
          reader.noteMismatch(value, expected: "at least one path of a field", key: key)
        }
        return list.read(value, key, &reader)
      },
      write: list.write)
  }
}

extension ValueKind where Value == String {
  /// What a field's text is compared with; the empty text is one too.
  fileprivate static var pattern: ValueKind {
    text("a text, number, boolean or shell glob") { text, _ in text }
  }

  /// The path of a field, as the user wrote it.
  fileprivate static var field: ValueKind {
    let expected = "the path of a field such as additionalEventData.MFAUsed"
    return ValueKind(
      expected: expected,
      read: { value, key, reader in
        guard let text = reader.text(value, expected: expected, key: key) else { return nil }
        do throws(ColumnError) {
          _ = try FieldPath(parsing: text)
          return text
        } catch {
          reader.note(error.description, key: key, at: value.position)
          return nil
        }
      },
      write: YAMLText.scalar)
  }
}

extension SelectionRule: CustomStringConvertible {
  /// The rule as reports show it: `eventName: [Decrypt, Get*], readOnly: true, absent: errorCode`.
  public var text: String {
    let lists = conditions.map { (YAMLText.scalar($0.path), $0.patterns) }
    let absence = absent.isEmpty ? [] : [(SelectionRule.absentKey, absent)]
    return (lists + absence).map { name, values in
      let list = YAMLText.list(values)
      return "\(name): \(values.count == 1 ? String(list.dropFirst().dropLast()) : list)"
    }
    .joined(separator: ", ")
  }

  public var description: String { text }
}
