import Bytes

/// One JSON document of a list: a notification, a message of a queue, or a listing.
enum KeyDocument {
  typealias Take = (KeyListItem) throws -> Void

  /// Messages in messages: a queue has what a topic has.
  private static let depthLimit = 4

  /// Passes what a document says.
  static func read(_ json: [UInt8], depth: Int = 0, _ take: Take) throws {
    if json.first == ASCII.quote {
      // An element of `--query 'Contents[].Key'`.
      var key = ByteBuffer(capacity: json.count)
      JSONText.appendDecoded(json.span.extracting(1..<(json.count - 1)), to: &key)
      return try take(.key(ListedKey(key: key.bytes.copied())))
    }
    guard depth < depthLimit, let object = try? JSONObject(json.span) else {
      return try take(.problem("is JSON of no known kind"))
    }
    if try readMessage(object, depth, take) { return }
    if try readListing(object, take) { return }
    try take(unknown(object))
  }

  private static func unknown(_ object: JSONObject) -> KeyListItem {
    if object.array("files") != nil, object.string("fileSchema") != nil {
      return .problem("is the manifest of an inventory: give the files that it lists")
    }
    if let type = object.string("Type"), type.hasSuffix("Confirmation") {
      return .problem("is a message of type \(type): open its SubscribeURL")
    }
    let keys = object.keys.prefix(5).joined(separator: ", ")
    return .problem("is JSON of no known kind, with \(keys.isEmpty ? "nothing in it" : keys)")
  }

  // MARK: Messages

  /// Passes what a notification or a message says; returns whether it is one.
  private static func readMessage(_ object: JSONObject, _ depth: Int, _ take: Take) throws -> Bool {
    if let keys = object.strings("s3ObjectKey"), let bucket = object.bytes("s3Bucket") {
      for key in keys { try take(.key(ListedKey(bucket: bucket, key: key))) }
      return true
    }
    if let messages = object.array("Messages") {
      for message in messages { try read(message, depth: depth, take) }
      return true
    }
    if let body = object.bytes("Body") ?? object.bytes("body"),
      (object.raw("MessageId") ?? object.raw("messageId")) != nil
    {
      try readText(body, depth, take)
      return true
    }
    if object.string("Type") == "Notification", let message = object.bytes("Message") {
      try readText(message, depth, take)
      return true
    }
    if let records = object.array("Records") {
      if records.isEmpty { try take(.noKey) }
      for record in records { try readRecord(record, depth, take) }
      return true
    }
    if object.string("Event") == "s3:TestEvent" {
      try take(.noKey)
      return true
    }
    if object.string("source") == "aws.s3", let detail = object.object("detail") {
      try take(bridgeEvent(object.string("detail-type") ?? "", detail))
      return true
    }
    return false
  }

  /// Reads a text that is a document of its own.
  private static func readText(_ text: [UInt8], _ depth: Int, _ take: Take) throws {
    let start = text.firstIndex { $0 > ASCII.space } ?? text.endIndex
    let rest = text[start...]
    if rest.starts(with: testMessage) { return try take(.noKey) }
    guard rest.first == ASCII.openBrace else {
      return try take(.problem("is a message that is not JSON"))
    }
    try read(Array(rest), depth: depth + 1, take)
  }

  /// The first message of a trail to its topic.
  static let testMessage = Array("CloudTrail validation message.".utf8)

  /// An event of S3, or a message that a queue or a topic hands on to a function.
  private static func readRecord(_ json: [UInt8], _ depth: Int, _ take: Take) throws {
    guard let record = try? JSONObject(json.span) else {
      return try take(.problem("is JSON of no known kind"))
    }
    if let event = record.object("s3") { return try take(s3Event(record, event)) }
    if let message = record.object("Sns")?.bytes("Message") {
      return try readText(message, depth, take)
    }
    guard let body = record.bytes("body"), record.raw("messageId") != nil else {
      return try take(unknown(record))
    }
    try readText(body, depth, take)
  }

  /// An event notification of S3: keys are URL-encoded.
  private static func s3Event(_ record: JSONObject, _ event: JSONObject) -> KeyListItem {
    let name = record.string("eventName") ?? ""
    let plain = name.hasPrefix("s3:") ? name.dropFirst(3) : name[...]
    guard plain.hasPrefix("ObjectCreated:") || plain == "ObjectRestore:Completed" else {
      return name.isEmpty ? .problem("is an event of S3 without a name") : .noKey
    }
    guard let object = event.object("object"), let text = object.bytes("key"),
      let bucket = event.object("bucket")?.bytes("name")
    else { return .problem("is an event of S3 without bucket and key") }
    guard let key = URLText.decoded(text) else {
      return .problem("has a key that is not URL-encoded, as those of S3's events are")
    }
    return .key(ListedKey(bucket: bucket, key: key, byteCount: object.integer("size")))
  }

  /// An event of S3 on EventBridge: keys are as they are.
  private static func bridgeEvent(_ type: String, _ detail: JSONObject) -> KeyListItem {
    guard type == "Object Created" || type == "Object Restore Completed" else {
      return type.isEmpty ? .problem("is an event of S3 without a type") : .noKey
    }
    guard let object = detail.object("object"), let key = object.bytes("key"),
      let bucket = detail.object("bucket")?.bytes("name")
    else { return .problem("is an event of S3 without bucket and key") }
    return .key(ListedKey(bucket: bucket, key: key, byteCount: object.integer("size")))
  }

  // MARK: Listings

  /// Passes what `aws s3api list-objects-v2`, `list-object-versions`, `rclone lsjson` and `s5cmd --json ls`
  /// say; returns whether it is one of these.
  private static func readListing(_ object: JSONObject, _ take: Take) throws -> Bool {
    if let elements = object.array("Contents") ?? object.array("Versions") {
      for element in elements {
        guard let entry = try? JSONObject(element.span), let item = entryItem(entry) else {
          try take(.problem("has an entry without a key"))
          continue
        }
        try take(item)
      }
      return true
    }
    if let item = entryItem(object) {
      try take(item)
      return true
    }
    // An empty listing has nothing but what was asked for.
    guard object.raw("DeleteMarkers") != nil || object.has("RequestCharged") else {
      return false
    }
    try take(.noKey)
    return true
  }

  /// One entry of a listing.
  private static func entryItem(_ entry: JSONObject) -> KeyListItem? {
    if let key = entry.bytes("Key") {
      if entry.boolean("IsLatest") == false { return .noKey }
      return .key(ListedKey(key: key, byteCount: entry.integer("Size")))
    }
    if let path = entry.bytes("Path"), let isFolder = entry.boolean("IsDir") {
      return isFolder ? .noKey : .key(ListedKey(key: path, byteCount: entry.integer("Size")))
    }
    let start = "s3://".utf8
    if let address = entry.bytes("key"), address.starts(with: start) {
      return KeyLines.item(
        address: address.dropFirst(start.count), byteCount: entry.integer("size"))
    }
    return nil
  }
}
