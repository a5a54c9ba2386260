/// What a spreadsheet would convert, in patterns and counts: slow and obvious.
struct ConversionModel {
  private let error = #/#(?:[A-Za-z0-9/_]+[!?]|[Nn]/[Aa]|(?i:GETTING_DATA))/#
  private let number = #/([0-9., ']*)(?:[Ee]([0-9+\-. ]*))?/#
  private let shownAsWritten = #/-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?/#
  private let dated = #/[0-9A-Za-z,.\/:+ -]+/#
  private let month =
    #/(?i)jan(u(a(ry?)?)?)?|feb(r(u(a(ry?)?)?)?)?|mar(ch?)?|apr(il?)?|may|june?|july?|aug(u(st?)?)?|sep(t(e(m(b(er?)?)?)?)?)?|oct(o(b(er?)?)?)?|nov(e(m(b(er?)?)?)?)?|dec(e(m(b(er?)?)?)?)?/#
  private let weekday =
    #/(?i)mon(d(ay?)?)?|tue(s(d(ay?)?)?)?|wed(n(e(s(d(ay?)?)?)?)?)?|thu(r(s(d(ay?)?)?)?)?|fri(d(ay?)?)?|sat(u(r(d(ay?)?)?)?)?|sun(d(ay?)?)?/#

  /// Whether a spreadsheet shows something else than `text`.
  func converts(_ text: String) -> Bool {
    let visible = text.unicodeScalars.filter { $0 != "\u{FEFF}" }
    let folded = String(visible.map { ConversionModel.folded($0) })
    let inner = folded.trimming { $0 == " " }
    if inner.isEmpty { return false }
    if inner.wholeMatch(of: error) != nil { return true }
    if isNumber(inner) {
      let digits = inner.filter(\.isNumber).count
      return folded != text || inner != folded || digits > 11
        || inner.wholeMatch(of: shownAsWritten) == nil
    }
    return isDate(inner)
  }

  private static func folded(_ scalar: Unicode.Scalar) -> Character {
    let properties = scalar.properties
    if properties.isWhitespace || properties.generalCategory == .control { return " " }
    switch scalar.value {
    case 0xFF01...0xFF5E: return Character(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
    default: return Character(scalar)
    }
  }

  private func isNumber(_ text: String) -> Bool {
    let core = text.trimming { "+-$%() ".contains($0) }
    guard let found = core.wholeMatch(of: number) else { return false }
    let numeral = found.output.1
    let exponent = found.output.2
    return numeral.contains(where: \.isNumber) && numeral.filter { $0 == "." }.count <= 1
      && exponent?.contains(where: \.isNumber) ?? true
  }

  private func isDate(_ text: String) -> Bool {
    guard text.wholeMatch(of: dated) != nil else { return false }
    let numbers = text.matches(of: #/[0-9]+/#).map { String($0.output) }
    let words = text.matches(of: #/[A-Za-z]+/#).map {
      (before: text[..<$0.range.lowerBound], $0.output)
    }
    let months = words.filter { $1.wholeMatch(of: month) != nil }.count
    let weekdays = words.filter { $1.wholeMatch(of: weekday) != nil }.count
    let halves = words.filter { before, word in
      guard before.contains(where: \.isNumber) else { return false }
      return word.wholeMatch(of: #/(?i)[ap]m/#) != nil
        || word.wholeMatch(of: #/(?i)[ap]/#) != nil && (before.last == " " || before.contains(":"))
    }.count
    guard words.count == months + weekdays + halves, weekdays <= 1, halves <= 1 else {
      return false
    }
    let colons = text.filter { $0 == ":" }.count
    guard colons <= 2 else { return false }
    if months == 1 { return (1...6).contains(numbers.count) }
    guard months + weekdays == 0, let first = text.first, first.isNumber || ",-./".contains(first)
    else { return false }
    if halves + colons > 0 {
      let points = text.filter { $0 == "." }.count
      return (1...7).contains(numbers.count) && (points < 3 || text.contains(" "))
    }
    if text.wholeMatch(of: #/[-,.]?[0-9]+ +[0-9]+ *\/ *[0-9]+ */#) != nil { return true }
    return isNumericDate(text, numbers)
  }

  private func isNumericDate(_ text: String, _ numbers: [String]) -> Bool {
    guard text.first?.isNumber == true, (2...3).contains(numbers.count), !text.contains("+") else {
      return false
    }
    let marks = text.filter { ",-./".contains($0) }.count
    guard marks == numbers.count - (",-./".contains(text.last ?? " ") ? 0 : 1) else { return false }
    let values = numbers.filter { $0.count <= 2 }.compactMap { Int($0) }
    return numbers.allSatisfy { $0.count <= 4 } && values.count >= numbers.count - 1
      && values.contains { (1...12).contains($0) }
      && values.filter { (1...31).contains($0) }.count >= numbers.count - 1
  }
}

extension String {
  /// The text without the characters at both ends that fit.
  fileprivate func trimming(_ isDropped: (Character) -> Bool) -> String {
    guard let first = firstIndex(where: { !isDropped($0) }),
      let last = lastIndex(where: { !isDropped($0) })
    else { return "" }
    return String(self[first...last])
  }
}
