/// One key of a job file: its name, how its value is read and written, where it goes, what it is for,
/// and whether it decides the bytes of a dataset.
struct JobKey<Target>: Sendable {
  let name: String
  let expected: String
  let help: String
  /// Whether another value makes another dataset; a key with keys of its own leaves it to them.
  let decidesBytes: Bool
  /// Whether a dataset that was made with one written value can go on with another; nil if never.
  let takesMore: (@Sendable (_ old: String, _ new: String) -> Bool)?
  /// Reads a value into a target; what is wrong is noted under the key's full name.
  let apply: @Sendable (JobValue, _ fullName: String, inout Target, inout JobReader) -> Void
  /// What `apply` reads back; `nil` if the target has no value for the key.
  let write: @Sendable (Target) -> WrittenKey.Value?

  /// A key whose value is a property's.
  init<Value>(
    _ name: String, _ property: any WritableKeyPath<Target, Value> & Sendable,
    _ kind: ValueKind<Value>, decidesBytes: DecidesBytes<Value>, _ help: String
  ) {
    self.init(
      name, kind, decidesBytes, help, get: { $0[keyPath: property] },
      set: { $0[keyPath: property] = $1 })
  }

  /// A key whose value is a property's that may be absent.
  init<Value>(
    _ name: String, _ property: any WritableKeyPath<Target, Value?> & Sendable,
    _ kind: ValueKind<Value>, decidesBytes: DecidesBytes<Value>, _ help: String
  ) {
    self.init(
      name, kind, decidesBytes, help, get: { $0[keyPath: property] },
      set: { $0[keyPath: property] = $1 })
  }

  private init<Value>(
    _ name: String, _ kind: ValueKind<Value>, _ decidesBytes: DecidesBytes<Value>, _ help: String,
    get: @escaping @Sendable (Target) -> Value?,
    set: @escaping @Sendable (inout Target, Value) -> Void
  ) {
    self.name = name
    self.help = help
    expected = kind.expected
    apply = { value, fullName, target, reader in
      if let read = kind.read(value, fullName, &reader) { set(&target, read) }
    }
    write = { get($0).flatMap(kind.write).map { .text($0) } }
    (self.decidesBytes, takesMore) = decidesBytes.onText(kind)
  }

  /// A key that does more than set a property.
  init(
    _ name: String, expected: String, decidesBytes: Bool, _ help: String,
    apply:
      @escaping @Sendable (JobValue, _ fullName: String, inout Target, inout JobReader) -> Void,
    write: @escaping @Sendable (Target) -> WrittenKey.Value?
  ) {
    self.name = name
    self.expected = expected
    self.help = help
    self.decidesBytes = decidesBytes
    takesMore = nil
    self.apply = apply
    self.write = write
  }

  /// A key whose value is a mapping with keys of its own.
  init<Part>(
    _ name: String, _ property: any WritableKeyPath<Target, Part> & Sendable,
    keys: [JobKey<Part>], _ help: String
  ) {
    self.init(
      name, expected: "keys with values", decidesBytes: true, help,
      apply: { value, fullName, target, reader in
        reader.read(value, by: keys, into: &target[keyPath: property], named: fullName)
      },
      write: { target in
        let written = WrittenKey.all(of: target[keyPath: property], by: keys)
        return written.isEmpty ? nil : .keys(written)
      })
  }

  /// A key whose value is a list of mappings with keys of their own.
  init<Item>(
    _ name: String, _ property: any WritableKeyPath<Target, [Item]> & Sendable,
    _ kind: ItemsKind<Item>, _ help: String
  ) {
    self.init(
      name, expected: kind.expected, decidesBytes: true, help,
      apply: { value, fullName, target, reader in
        if let read = kind.read(value, fullName, &reader) { target[keyPath: property] = read }
      },
      write: { target in
        .items(target[keyPath: property].map { WrittenKey.all(of: $0, by: kind.keys($0)) })
      })
  }
}

/// How a list of mappings is read, and by which keys each is written.
struct ItemsKind<Item>: Sendable {
  /// What error messages and the reference say is expected.
  let expected: String
  /// The items; `nil` once the reader has noted what is wrong with them.
  let read: @Sendable (JobValue, _ key: String, inout JobReader) -> [Item]?
  let keys: @Sendable (Item) -> [JobKey<Item>]
}

/// Whether the value of a key decides what a dataset is made of.
enum DecidesBytes<Value>: Sendable {
  /// It says how to run, and not what comes out.
  case no
  /// With another value, the dataset is another one.
  case yes
  /// As `yes`, but a dataset may go on with a value that takes more: whether `new` does.
  case yesGrowing(@Sendable (_ old: Value, _ new: Value) -> Bool)

  /// The same for values as `kind` writes them.
  fileprivate func onText(
    _ kind: ValueKind<Value>
  ) -> (decides: Bool, takesMore: (@Sendable (String, String) -> Bool)?) {
    switch self {
    case .no: (false, nil)
    case .yes: (true, nil)
    case .yesGrowing(let takesMore):
      (
        true,
        { old, new in
          guard let old = kind.value(written: old), let new = kind.value(written: new) else {
            return false
          }
          return takesMore(old, new)
        }
      )
    }
  }
}
