/// Holds a value that cannot be copied where only a reference fits: in an optional that changes.
public final class Box<Value: ~Copyable> {
  public let value: Value

  public init(_ value: consuming Value) {
    self.value = value
  }
}

extension Box: Sendable where Value: Sendable & ~Copyable {}
