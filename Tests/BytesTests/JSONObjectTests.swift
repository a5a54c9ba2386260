import Bytes
import TestSupport
import Testing

struct JSONObjectTests {
  private func object(_ text: String) throws -> JSONObject {
    try JSONObject(Array(text.utf8).span)
  }

  @Test func `each kind of value is given to who asks for it, and nil to the others`() throws {
    let object = try object(
      #"{"s":"a\nb","n":-12,"r":1.5,"t":true,"f":false,"z":null,"a":[1,"x",{}],"o":{"k":"v"}}"#)
    #expect(object.string("s") == "a\nb")
    #expect(object.integer("n") == -12)
    #expect(object.boolean("t") == true && object.boolean("f") == false)
    #expect(object.array("a")?.map { $0.span.text() } == ["1", #""x""#, "{}"])
    #expect(object.object("o")?.string("k") == "v")
    #expect(object.raw("r") == Array("1.5".utf8) && object.raw("z") == nil)
    #expect(object.keys == ["a", "f", "n", "o", "r", "s", "t", "z"])
    for key in ["n", "r", "t", "z", "a", "o", "absent"] { #expect(object.string(key) == nil) }
    for key in ["s", "r", "t", "z", "a", "o", "absent"] { #expect(object.integer(key) == nil) }
    for key in ["s", "n", "z", "a", "o", "absent"] { #expect(object.boolean(key) == nil) }
    for key in ["s", "n", "t", "z", "o", "absent"] { #expect(object.array(key) == nil) }
    for key in ["s", "n", "t", "z", "a", "absent"] { #expect(object.object(key) == nil) }
  }

  @Test func `of equal keys the first counts, compared after unescaping`() throws {
    let object = try object(#"{"a":1,"\u0061":2,"a":3,"\u00e9":4,"é":5}"#)
    #expect(object.integer("a") == 1)
    #expect(object.integer("é") == 4)
    #expect(object.keys.count == 2)
  }

  @Test func `white space may be anywhere between tokens`() throws {
    let object = try object(" \n{ \"a\" : [ 1 , 2 ] ,\r\n\t\"b\" : { } , \"c\" : [ ] } \n")
    #expect(object.array("a")?.count == 2)
    #expect(object.array("c")?.isEmpty == true)
    #expect(object.object("b")?.keys == [])
  }

  @Test(arguments: [
    "", " ", "[]", "1", "null", #""a""#, "{", #"{"a""#, #"{"a":"#, #"{"a":1"#, #"{"a":1,"#,
    #"{"a":1,}"#, "{,}", #"{"a" 1}"#, #"{"a":1 "b":2}"#, #"{"a":[1,}"#, "{a:1}",
    // One object is one object: what follows it was lost in silence.
    #"{"a":1}{"b":2}"#, #"{"a":1} x"#, #"{"a":1},"#, "{}{}", "{}\u{0}",
  ])
  func `anything but one whole object is an error`(text: String) {
    #expect(throws: JSONSyntaxError.self) { try object(text) }
  }

  @Test func `a number that does not fit is none`() throws {
    let object = try object(#"{"a":9223372036854775807,"b":9223372036854775808,"c":1e3,"d":1.0}"#)
    #expect(object.integer("a") == .max)
    #expect(object.integer("b") == nil && object.integer("c") == nil && object.integer("d") == nil)
  }

  @Test func `what the writer wrote comes back, texts of any bytes too`() throws {
    #expect(
      faults("seed", in: UInt64(0)..<200) { seed in
        var random = SeededGenerator(seed: seed)
        let text = (0..<random.within(0...12)).map { _ in UInt8(random.within(0...255)) }
        let number = Int(truncatingIfNeeded: random.next())
        var writer = JSONObjectWriter()
        writer.add("bytes", bytes: text)
        writer.add("number", number)
        writer.add("flag", number > 0)
        writer.add("texts", texts: [text, [], text])
        writer.add("counts", counts: ["b \"\n": 2, "a": number])
        let object = try JSONObject(writer.finish().span)
        let bytes = object.bytes("bytes") ?? []
        if bytes != text { return "\(text) comes back as \(bytes)" }
        if object.integer("number") != number { return "\(number) does not come back" }
        if object.boolean("flag") != (number > 0) { return "the flag does not come back" }
        let texts = object.array("texts")?.map {
          JSONText.decodedFileName($0.span.extracting(1..<($0.count - 1)))
        }
        if texts != [text, [], text] { return "the list of \(text) does not come back" }
        let counts = object.object("counts")
        return counts?.integer("b \"\n") == 2 && counts?.integer("a") == number
          ? nil : "the counts do not come back"
      } == [])
  }
}
