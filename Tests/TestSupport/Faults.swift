/// What is wrong with the first few of many cases, one sentence each that names the case.
///
/// For loops over thousands of cases, where an expectation for each would cost more than the case:
///
/// ```swift
/// #expect(faults("seed", in: 0..<500) { seed in
///   difference(of: merged(seed), from: sorted(seed))
/// } == [])
/// ```
///
/// - Parameters:
///   - label: What a case is, as "seed".
///   - cases: The cases, tried in order until three are wrong.
///   - check: Returns what is wrong with a case; nil if nothing is. An error that it throws counts
///     as a fault.
/// - Returns: At most three sentences; none if all cases are right.
public func faults<Cases: Sequence>(
  _ label: String, in cases: Cases, _ check: (Cases.Element) throws -> String?
) -> [String] {
  var faults: [String] = []
  for item in cases {
    do {
      guard let fault = try check(item) else { continue }
      faults.append("\(label) \(item): \(fault)")
    } catch {
      faults.append("\(label) \(item): threw \(error)")
    }
    if faults.count == 3 { break }
  }
  return faults
}

/// The first difference between two lists in words; nil if they are equal.
public func difference<Item: Equatable>(of found: [Item], from expected: [Item]) -> String? {
  for (place, (item, other)) in zip(found, expected).enumerated() where item != other {
    return "item \(place) is \(item), expected \(other)"
  }
  if found.count > expected.count {
    return "item \(expected.count), \(found[expected.count]), is one too many"
  }
  if found.count < expected.count {
    return "it ends before item \(found.count), \(expected[found.count])"
  }
  return nil
}

/// The first difference between two byte strings in words; nil if they are equal.
public func difference(of found: [UInt8], from expected: [UInt8]) -> String? {
  if found == expected { return nil }
  return "got “\(String(decoding: found, as: UTF8.self))”, "
    + "expected “\(String(decoding: expected, as: UTF8.self))”"
}
