/// The first elements of what may be very many, in order, and how many there are.
///
/// Reports name files that fail; a mirror of millions that cannot be read must not fill the memory.
public struct FirstElements<Element: Comparable & Sendable>: Sendable {
  /// How many elements are kept.
  public static var limit: Int { 10_000 }

  /// All that were added.
  public private(set) var count = 0
  private var elements: [Element] = []

  public init() {}

  public var isEmpty: Bool { count == 0 }

  /// How many elements are not kept.
  public var leftOutCount: Int { count - min(count, FirstElements.limit) }

  /// The first ones, in order.
  public var sorted: [Element] { Array(elements.sorted().prefix(FirstElements.limit)) }

  /// - Complexity: O(log `limit`), amortized.
  public mutating func add(_ element: Element) {
    elements.append(element)
    count += 1
    trim()
  }

  public static func += (left: inout FirstElements, right: FirstElements) {
    left.elements += right.elements
    left.count += right.count
    left.trim()
  }

  private mutating func trim() {
    if elements.count >= 2 * FirstElements.limit { elements = sorted }
  }
}
