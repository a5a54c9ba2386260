import CloudTrail

extension ValueKind where Value == TimeBound {
  static var time: ValueKind {
    text("a date, a time such as 2026-11-01T08:30:00Z, now, today, yesterday, 7d or 24h") {
      text, reader in
      TimeExpression.instant(text, now: reader.now)
        .map { TimeBound(text: text, secondsSince1970: $0) }
    }
  }
}

extension ValueKind where Value == DayBound {
  static var day: ValueKind {
    text("a date, today, yesterday or days ago such as 7d") { text, reader in
      TimeExpression.day(text, now: reader.now).map { DayBound(text: text, daysSince1970: $0) }
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
  /// A mapping from field paths to a pattern or a list of patterns.
  static var rule: ValueKind {
    let expected = "a rule such as { eventName: [Decrypt, \"Get*\"], readOnly: true }"
    return ValueKind(expected: expected) { value, key, reader in
      guard case .mapping(let entries) = value.content, !entries.isEmpty else {
        reader.noteMismatch(value, expected: expected, key: key)
        return nil
      }
      var rule = SelectionRule(conditions: [])
      for entry in entries {
        let name = "\(key).\(entry.key)"
        guard !entry.key.isEmpty else {
          reader.note("expected the path of a field", key: key, at: entry.position)
          continue
        }
        do throws(ColumnError) {
          _ = try FieldPath(parsing: entry.key)
        } catch {
          reader.note(error.description, key: name, at: entry.position)
          continue
        }
        guard let patterns = ValueKind<[String]>.list(of: .pattern).read(entry.value, name, &reader)
        else { continue }
        guard !patterns.isEmpty else {
          reader.noteMismatch(entry.value, expected: "at least one pattern", key: name)
          continue
        }
        rule.conditions.append(SelectionRule.Condition(path: entry.key, patterns: patterns))
      }
      return rule.conditions.count == entries.count ? rule : nil
    }
  }
}

extension ValueKind where Value == String {
  /// What a field's text is compared with; the empty text is one too.
  fileprivate static var pattern: ValueKind {
    text("a text, number, boolean or shell glob") { text, _ in text }
  }
}

extension SelectionRule: CustomStringConvertible {
  /// The rule as reports show it: `eventName: [Decrypt, Get*], readOnly: true`.
  public var text: String {
    conditions.map { condition in
      let patterns =
        condition.patterns.count == 1
        ? YAMLText.list(condition.patterns).dropFirst().dropLast()
        : YAMLText.list(condition.patterns)[...]
      return "\(YAMLText.scalar(condition.path)): \(patterns)"
    }
    .joined(separator: ", ")
  }

  public var description: String { text }
}
