import Testing

@Suite("A run that is killed", .serialized)
struct KillTests {
  @Test("leaves each partition old or new, and the next run ends with the same bytes")
  func killed() throws {
    let bench = try FaultBench()
    let last = try bench.changeCount()
    for point in bench.points(upTo: last, seed: 7, count: 8) {
      try bench.restore("work")
      let killed = try bench.run(
        into: "work", environment: ["TRAILMERGE_KILL_BEFORE": "\(point)"])
      // How the work falls to the threads moves the number of changes by a few.
      let isPastEnd = killed.status == 0 && point > last - 5
      try #require(killed.status == 9 || isPastEnd, "point \(point)")
      #expect(try bench.mixedPartitions("work") == [], "point \(point)")
      let next = try bench.run(into: "work")
      #expect(next.status == 0, "point \(point): \(next.errors)")
      let difference = try bench.difference("work", "new")
      #expect(difference == nil, "point \(point)")
    }
  }

  @Test("leaves nothing behind when the disk is full, and the next run is right")
  func fullDisk() throws {
    let bench = try FaultBench()
    for point in bench.points(upTo: try bench.changeCount(), seed: 8, count: 8) {
      try bench.restore("work")
      let full = try bench.run(into: "work", environment: ["TRAILMERGE_FULL_AT": "\(point)"])
      if full.status == 1 {
        #expect(full.errors.contains("No space left on device"))
        let difference = try bench.difference("work", "old")
        #expect(difference == nil, "point \(point)")
      }
      let next = try bench.run(into: "work")
      #expect(next.status == 0, "point \(point): \(next.errors)")
      let difference = try bench.difference("work", "new")
      #expect(difference == nil, "point \(point)")
    }
  }
}
