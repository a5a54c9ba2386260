/// One key of a job file: its name, how its value is read, where it goes, and what it is for.
struct JobKey<Target>: Sendable {
  let name: String
  let expected: String
  let help: String
  /// Reads a value into a target; what is wrong is noted under the key's full name.
  let apply: @Sendable (JobValue, _ fullName: String, inout Target, inout JobReader) -> Void

  /// A key whose value is a property's.
  init<Value>(
    _ name: String, _ property: any WritableKeyPath<Target, Value> & Sendable,
    _ kind: ValueKind<Value>, _ help: String
  ) {
    self.init(name, kind, help) { $0[keyPath: property] = $1 }
  }

  /// A key whose value is a property's that may be absent.
  init<Value>(
    _ name: String, _ property: any WritableKeyPath<Target, Value?> & Sendable,
    _ kind: ValueKind<Value>, _ help: String
  ) {
    self.init(name, kind, help) { $0[keyPath: property] = $1 }
  }

  private init<Value>(
    _ name: String, _ kind: ValueKind<Value>, _ help: String,
    set: @escaping @Sendable (inout Target, Value) -> Void
  ) {
    self.name = name
    self.help = help
    expected = kind.expected
    apply = { value, fullName, target, reader in
      if let read = kind.read(value, fullName, &reader) { set(&target, read) }
    }
  }

  /// A key that does more than set a property.
  init(
    _ name: String, expected: String, _ help: String,
    apply: @escaping @Sendable (JobValue, _ fullName: String, inout Target, inout JobReader) -> Void
  ) {
    self.name = name
    self.expected = expected
    self.help = help
    self.apply = apply
  }

  /// A key whose value is a mapping with keys of its own.
  init<Part>(
    _ name: String, _ property: any WritableKeyPath<Target, Part> & Sendable,
    keys: [JobKey<Part>], _ help: String
  ) {
    self.name = name
    self.help = help
    expected = "keys with values"
    apply = { value, fullName, target, reader in
      reader.read(value, by: keys, into: &target[keyPath: property], named: fullName)
    }
  }
}
