import Testing
import Writing

struct CSVFormulaTests {
  @Test(arguments: [
    #"=HYPERLINK(\"http://x\")"#, "@SUM(1)", "+1", "-1", "-", #"\t=1"#, #"\tx"#, #"\nx"#, #"\rx"#,
    " =1", #"  \t @x"#, "＝1", "＋1", "－1", "＠x", " ＝1", #"\u00a0=1"#, #"\u3000=1"#, #"\ufeff=1"#,
    #"\u200b-1"#, #"\u2060\u200e＠x"#, #"\u0000=1"#, #"\u001f\u007f=1"#, #"\u0085=1"#, "\u{00AD}=1",
    "\u{3164}=1", "\u{2028}@x", "=",
  ])
  func `text that a spreadsheet would run gets an apostrophe`(content: String) throws {
    for profile in CSVProfile.allCases {
      let defused = try EncodedRows.raw("\"\(content)\"", profile)
      let kept = try EncodedRows.raw("\"\(content)\"", profile, .keep)
      let start = defused.field.first == "\"" ? defused.field.dropFirst() : defused.field[...]
      #expect(start.first == "'")
      #expect(defused.counts["formulas"] == 1)
      // What is also a number, as `+1`, stays text for Excel all the same.
      let isNumber = kept.counts["keptAsText"] == 1
      let marked = isNumber ? kept.field.replacing("'", with: "", maxReplacements: 1) : kept.field
      #expect(defused.field.replacing("'", with: "", maxReplacements: 1) == marked)
      #expect(kept.counts["formulas"] == nil && (profile == .excel || !isNumber))
    }
  }

  @Test(arguments: [
    #""a=1""#, #""'=1""#, #"" a=1""#, #""1+1""#, #""é=1""#, #""\u00a0""#, #"" ""#, #"" \t""#,
    #""😀=1""#, "-5", "[\"=1\"]", #"{"=a":1}"#, "[-1]",
  ])
  func `other text, numbers and JSON are left alone`(json: String) throws {
    #expect(try EncodedRows.raw(json).counts.isEmpty)
  }
}
