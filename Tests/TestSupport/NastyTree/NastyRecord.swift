/// Writes records that are legal JSON and trouble for whoever looks for `"eventID":"` in bytes.
///
/// Ids, times and texts come from small pools, so that duplicates and conflicts are frequent.
struct NastyRecord {
  /// What whitespace is between tokens; an element is drawn for every gap.
  enum Spacing: CaseIterable {
    case none
    case spaces
    case pretty
    case windows
    case odd

    var gaps: [String] {
      switch self {
      case .none: [""]
      case .spaces: ["", " "]
      case .pretty: ["\n  ", " "]
      case .windows: ["\r\n\t", " "]
      case .odd: ["", "\n", "\t", " \r\n  ", "  "]
      }
    }
  }

  var random: SeededGenerator
  private var unique = 0

  init(random: SeededGenerator) {
    self.random = random
  }

  /// One element of a file.
  ///
  /// Where no path gives account and region, records that lack theirs get a text of their own: which
  /// copy decides is then no question.
  mutating func element(_ spacing: Spacing, pathTells: Bool) -> String {
    if random.oneIn(25) {
      return random.pick(["42", "null", #""text""#, "[1, 2]", "true", "[]", "-0.5e3"])
    }
    return record(spacing, pathTells: pathTells)
  }

  /// A record that has an eventID and an eventTime.
  mutating func plainRecord(_ spacing: Spacing) -> String {
    let id = random.within(0...5)
    return object(
      [
        (#""eventVersion""#, #""1.08""#), (#""eventTime""#, #""2026-11-01T10:00:0\#(id)Z""#),
        (#""awsRegion""#, #""us-east-1""#), (#""eventID""#, #""plain-\#(id)""#),
        (#""recipientAccountId""#, #""012345678910""#),
      ], spacing)
  }

  // MARK: - Members

  private mutating func record(_ spacing: Spacing, pathTells: Bool) -> String {
    var members: [(String, String)] = []
    members += eventID()
    members += eventTime()
    let (account, region) = (recipient(), awsRegion())
    members += account + region
    if account.isEmpty || region.isEmpty || account[0].1.first != "\"" || region[0].1.first != "\"",
      !pathTells
    {
      unique += 1
      members.append((#""note""#, #""\#(unique)-\#(random.next())""#))
    }
    if !random.oneIn(4) {
      members.append((#""eventVersion""#, random.pick(versions)))
    }
    if !random.oneIn(3) { members.append((#""userIdentity""#, random.pick(identities))) }
    if random.oneIn(2) { members.append((#""requestParameters""#, decoy())) }
    if random.oneIn(6) { members.append((#""userAgent""#, random.pick(texts))) }
    members.shuffle(using: &random)
    return object(members, spacing)
  }

  private mutating func eventID() -> [(String, String)] {
    let key = random.oneIn(8) ? #""event\u0049D""# : #""eventID""#
    let id = random.within(0...5)
    switch random.within(0...19) {
    case 0: return []
    case 1: return [(key, random.pick(["null", #""""#, "17", "[]", #"{"id":"id-1"}"#]))]
    // The same id, spelled in another way: other text, so a conflict.
    case 2: return [(key, #""id\u002d\#(id)""#)]
    // The first of two keys counts, but shuffling decides which one is the first.
    case 3: return [(key, #""id-\#(id)""#), (#""eventID""#, #""id-\#((id + 1) % 6)""#)]
    case 4...11: return [(key, #""0000000\#(id)-1111-4222-8333-44445555666\#(id)""#)]
    default: return [(key, #""id-\#(id)""#)]
    }
  }

  private mutating func eventTime() -> [(String, String)] {
    let key = random.oneIn(9) ? #""\u0065ventTime""# : #""eventTime""#
    switch random.within(0...15) {
    case 0: return []
    case 1: return [(key, random.pick(badTimes))]
    default: return [(key, random.pick(times))]
    }
  }

  private mutating func recipient() -> [(String, String)] {
    let key = #""recipientAccountId""#
    switch random.within(0...11) {
    case 0, 1: return []
    case 2: return [(key, random.pick(["null", #""""#, "12345678910", #"["1"]"#]))]
    case 3: return [(key, random.pick(hostileValues))]
    default: return [(key, random.pick([#""012345678910""#, #""222233334444""#]))]
    }
  }

  private mutating func awsRegion() -> [(String, String)] {
    let key = #""awsRegion""#
    switch random.within(0...11) {
    case 0: return []
    case 1: return [(key, random.pick(["null", #""""#, "7", "{}"]))]
    case 2: return [(key, random.pick(hostileValues))]
    default: return [(key, random.pick([#""us-east-1""#, #""eu-central-1""#]))]
    }
  }

  /// Values that look like the ones a record is found by, at other places.
  private mutating func decoy() -> String {
    if random.oneIn(12) {
      let depth = random.within(1...400)
      return String(repeating: #"{"eventID":["#, count: depth)
        + String(repeating: "]}", count: depth)
    }
    return random.pick(decoys)
  }

  private mutating func object(_ members: [(String, String)], _ spacing: Spacing) -> String {
    var text = "{"
    for (index, (key, value)) in members.enumerated() {
      if index > 0 { text += gap(spacing) + "," }
      text += gap(spacing) + key + gap(spacing) + ":" + gap(spacing) + value
    }
    return text + gap(spacing) + "}"
  }

  mutating func gap(_ spacing: Spacing) -> String {
    random.pick(spacing.gaps)
  }

  // MARK: - Pools

  private let versions = [
    #""1.08""#, #""1.09""#, #""1.10""#, #""1.11""#, #""1.9""#, #""1.02""#, #""2.0""#,
  ]

  /// Several spellings of few instants, one of them another day in UTC.
  private let times = [
    #""2026-11-01T10:00:00Z""#, #""2026-11-01T10:00:00""#, #""2026-11-01 10:00:00Z""#,
    #""2026-11-01T10:00:00.000Z""#, #""2026-11-01T12:00:00+02:00""#, #""2026-11-01T10:00:00.5Z""#,
    #""2026-11-01T10:00:00.500000000Z""#, #""2026-11-01T10:00:00.499999999Z""#,
    #""2026-11-01T23:30:00-01:00""#, #""2026-11-02T00:30:00Z""#, #""2026-11-02T00:30:00+01:00""#,
    #""2024-02-29T23:59:59Z""#, #""2026-11-01T10:00:00\u005a""#, #""1999-12-31T23:59:59.9-00:01""#,
  ]

  private let badTimes = [
    "null", #""""#, "1793527200", #""yesterday""#, #""2026-02-29T00:00:00Z""#,
    #""2026-13-01T00:00:00Z""#, #""2026-11-01T24:00:00Z""#, #""2026-11-01T10:60:00Z""#,
    #""2026-11-01T10:00:00.Z""#, #""2026-11-01T10:00:00.0000000001Z""#, #""2026-11-01""#,
    #""2026-11-01T10:00Z""#, #"" 2026-11-01T10:00:00Z""#, #""2026-11-01T10:00:00Z ""#,
    #""20261101T100000Z""#, #"["2026-11-01T10:00:00Z"]"#, #""2026-11-00T10:00:00Z""#,
    #""2026/11/01T10:00:00Z""#, #""2026-11-01T10:00:00+99:00""#,
  ]

  private let identities = [
    "null", "{}", #"{"accountId":"333344445555"}"#, #"{"accountId":null}"#, "[]", #""root""#,
    #"{"type":"Root","accountId":"444455556666","x":{"accountId":"1"}}"#, #"{"accountId":5}"#,
    #"{ "account\u0049d" : "555566667777" }"#,
  ]

  private let decoys = [
    #"{"eventID":"id-0","eventTime":"1970-01-01T00:00:00Z"}"#, #"[{"eventID":"id-1"}]"#,
    #""{\"eventID\":\"id-2\",\"Records\":[{}]}""#, #"{"a":1371.0,"b":9.82222E-5,"tag":1,"Tag":2}"#,
    #"{ "Records" : [ { "eventID" : "id-3" } ] }"#, #"{"k":"\\","eventID":"id-4\\"}"#,
    #"{"deep":[[[[{"awsRegion":"eu-west-1"}]]]],"n":[1 , 2,3 ]}"#, "null", #""}],{\"\\\"""#,
  ]

  private let texts = [
    #""=HYPERLINK(\"x\")""#, "\"\u{7F}\u{2028}\u{1F980}\"", #""\ud83e\udd80 \udd80 \u0000""#,
    #""a\tb\r\nc\/d""#, #""[S3Console/0.4]""#, "\"r\u{E9}sum\u{E9}\"",
  ]

  /// Values that must not lead out of a folder, and those that make long names.
  private let hostileValues = [
    #""..""#, #""../../etc""#, #""a/b""#, #""50%""#, #""a\nb""#, #""a\u0000b""#, #""C:\\x""#,
    #""dt=2026-01-01""#, #""\#(String(repeating: "x", count: 300))""#,
    #""\#(String(repeating: "/", count: 67))""#, #""\#(String(repeating: "y", count: 200))""#,
    "\"z\u{FC}rich \u{1F980}\"", #""__HIVE_DEFAULT_PARTITION__""#, ##""#[x]^{y}*'\"?""##,
  ]
}
