import Bytes
import CloudTrail
import Foundation
import JobFiles
import JobRunner
import TestSupport
import Testing

/// Of which input a listed key is, and which keys are refused.
@Suite("Keys of lists")
struct KeyAddressTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  @Test("are compared by bucket and without the prefix of the input's url")
  func addresses() throws {
    func url(_ url: String) -> (inout Job) -> Void {
      { job in job.inputs[0].url = url }
    }
    func message(_ bucket: String, _ key: String) -> String {
      #"{"s3Bucket":"\#(bucket)","s3ObjectKey":["\#(key)"]}"#
    }
    let list = [
      message("t", "p/q/a.json"), message("t", "p/q/b//c.json"), message("t", "p/qq/no.json"),
      message("other", "p/q/no.json"), "p/q/d.json", "q/no.json",
    ]
    for address in ["s3://t/p/q", "s3://t/p/q/"] {
      let answer = try bench.ask(list, NewKeys.Options(), url(address))
      #expect(answer.keys == ["a.json", "b//c.json", "d.json"], "\(answer.keys)")
      #expect(answer.counts.elsewhere == 3 && answer.problems.isEmpty)
    }
    var below = NewKeys.Options()
    below.base = BucketAddress("s3://t/p/q")
    #expect(
      try bench.ask(["a.json", "s3://t/p/q/b.json"], below, url("s3://t/p/q")).keys == [
        "a.json", "b.json",
      ])
    #expect(try bench.ask(["q/a.json", "r/b.json"], below, url("s3://t/p/q/q")).keys == ["a.json"])
    // An empty folder is a folder of the bucket.
    let folders = [message("t", "p/q//a.json"), message("t", "p//q/b.json"), "p/q/c.json"]
    let refused = try bench.ask(folders, NewKeys.Options(), url("s3://t/p/q"))
    #expect(refused.keys == ["c.json"])
    #expect(
      refused.problems == [
        "the list line 1 is refused: the key p/q//a.json is of no input: it needs url: s3://t/p/q//",
        "the list line 2 is refused: the key p//q/b.json is of no input: it needs url: s3://t/p//q/",
      ])
    let empty = try bench.ask(folders, NewKeys.Options(), url("s3://t/p/q//"))
    #expect(empty.keys == ["a.json"] && empty.problems.count == 2)
    below.base = BucketAddress("s3://t/p/q//")
    #expect(try bench.ask(["a.json"], below, url("s3://t/p/q//")).keys == ["a.json"])
    // What no file system can have.
    let long = String(repeating: "x", count: 251) + ".json"
    let names = try bench.ask(["\(long)", "\(long.dropFirst())"], NewKeys.Options(), url("s3://t"))
    #expect(names.keys == ["\(long.dropFirst())"])
    #expect(names.problems[0].hasSuffix(" has a name of more than 255 bytes"))
    // Nothing of the job's at all is hardly what was meant.
    let wrong = try bench.ask([message("other", "a.json")], NewKeys.Options(), url("s3://t/p"))
    #expect(wrong.keys.isEmpty)
    #expect(
      wrong.problems
        == ["no key is of input input (s3://t/p): the first one is s3://other/a.json"])
  }

  @Test("of several inputs begin with the name of their input, unless one is asked for")
  func severalInputs() throws {
    try FileTree.write(Workbench.record("1"), to: "one/a.json", in: bench.folder.path)
    func inputs(_ urls: [String?]) -> (inout Job) -> Void {
      { job in
        job.inputs = zip(["one", "two"], urls).map { name, url in
          Job.Input(written: name, path: bench.folder.appending(name), url: url)
        }
      }
    }
    _ = try bench.run(into: "dataset") { job in
      job.inputs = [Job.Input(written: "one", path: bench.folder.appending("one"))]
    }
    let plain = ["one/a.json", "one/b.json", "two/a.json", "three/a.json"]
    let answer = try bench.ask(plain, NewKeys.Options(), inputs([nil, nil]))
    #expect(answer.keys == ["one/b.json", "two/a.json"] && answer.counts.elsewhere == 1)
    var first = NewKeys.Options()
    first.input = "one"
    #expect(try bench.ask(["a.json", "b.json"], first, inputs([nil, nil])).keys == ["b.json"])
    let urls = ["s3://t/a.json", "s3://t/b.json", "s3://u/x/a.json", "s3://u/y/a.json"]
    let both = inputs(["s3://t", "s3://u/x"])
    #expect(try bench.ask(urls, NewKeys.Options(), both).keys == ["one/b.json", "two/a.json"])
    #expect(try bench.ask(urls, first, both).keys == ["b.json"])
    // Without a bucket it could be of either.
    #expect(throws: RunError.self) { try bench.ask(["x/a.json"], NewKeys.Options(), both) }
    #expect(try bench.ask(["x/a.json"], first, both).keys == ["x/a.json"])
    first.input = "three"
    #expect(throws: RunError.self) { try bench.ask([], first, both) }
  }

  @Test("never have what could lead out of the mirror, or command a terminal")
  func hostile() throws {
    let list = [
      "../a.json", "a/../../b.json", "a/./b.json", "/a.json", "a\\..\\b.json", "a\u{1B}[31m.json",
      "a\u{7F}.json", "a\u{85}.json", "a\tb.json", "a\0b.json", "..", "good.json", "a..b/c.json",
    ]
    let answer = try bench.ask(list)
    #expect(answer.keys == ["a..b/c.json", "good.json"])
    #expect(answer.counts.problems == 11 && answer.problems.count == 11)
    #expect(
      answer.problems[5]
        == #"the list line 6 is refused: the key a\x1b[31m.json has control characters"#)
    #expect(answer.problems.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) } })
    // In documents, and in the encoding of URLs.
    let hidden = [
      #"{"s3Bucket":"t","s3ObjectKey":["a\u001b.json","..\/b.json","c.json"]}"#,
      #""t","a%0Ab.json","1""#, #""t","%2e%2e/b.json","1""#, #""t","%ff.json","1""#,
    ]
    let second = try bench.ask(hidden)
    #expect(second.keys == ["c.json"] && second.counts.problems == 5)
    // Many are counted, and the first ones named.
    let many = try bench.ask(Array(repeating: "../x.json", count: 1000))
    #expect(many.counts.problems == 1000 && many.problems.count == 20)
  }
}
