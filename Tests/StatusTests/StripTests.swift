import Status
import Testing

struct StripTests {
  @Test("steps compare a day with the row's usual one")
  func steps() {
    let scale = Strip.Scale(day(0)...day(5), limit: 100)
    let days = [(0, 100), (1, 10), (2, 50), (3, 110), (5, 900)].map {
      (day: day(Int32($0.0)), recordCount: $0.1)
    }
    let strip = Strip(days, empty: [], scale)
    #expect(strip.steps == [.usual, .few, .some, .usual, .none, .many])
  }

  @Test("many days share a step, and one hole among them shows")
  func scale() {
    let scale = Strip.Scale(day(0)...day(99), limit: 30)
    #expect(scale.daysPerStep == 4)
    #expect(scale.stepCount == 25)
    #expect(scale.days(of: 24) == day(96)...day(99))
    let days = (Int32(0)...99).filter { $0 != 41 }.map { (day: day($0), recordCount: 5) }
    let strip = Strip(days, empty: [(day(41), .hole)], scale)
    #expect(strip.steps.indices.filter { strip.steps[$0] == .hole } == [10])
  }

  @Test("a step shows the weakest of what is known of its days")
  func weakest() {
    let scale = Strip.Scale(day(0)...day(11), limit: 4)
    let kinds: [EmptyDay] = [
      .quiet, .quiet, .quiet, .quiet, .covered, .quiet, .quiet, .quiet, .uncovered, .quiet, .hole,
      .quiet,
    ]
    let empty = kinds.enumerated().map { (day: day(Int32($0.offset)), kind: $0.element) }
    #expect(Strip([], empty: empty, scale).steps == [.quiet, .covered, .none, .hole])
  }
}
