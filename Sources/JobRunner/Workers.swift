import Bytes
import Dispatch
import Synchronization

/// The threads of a run: the only place that uses Dispatch.
///
/// Workers take pieces of work from a shared counter until none is left. What a piece yields is put
/// where its number says, so results do not depend on the number of threads.
public struct Workers: Sendable {
  public let count: Int

  /// Makes `count` workers; 0 is one per core.
  public init(count: Int) {
    self.count = count > 0 ? count : ProcessorCount.active
  }

  /// Runs `body` once on each worker and waits for all.
  ///
  /// - Throws: The error of the first worker that failed, after all have ended.
  public func run(_ body: @Sendable (_ worker: Int) throws -> Void) throws {
    let failure = FirstFailure()
    withoutActuallyEscaping(body) { body in
      let others = DispatchGroup()
      for worker in 1..<count {
        // Workers wait for one another, so that all must run at once, however few cores there are:
        // a serial queue has a thread of its own.
        DispatchQueue(label: "worker \(worker)").async(group: others) {
          failure.catchError { try body(worker) }
        }
      }
      failure.catchError { try body(0) }
      others.wait()
    }
    if let error = failure.error { throw error }
  }

  /// Runs `body` for every number below `pieceCount`, spread over the workers as they get free.
  ///
  /// - Throws: An error of one piece; pieces that had not begun then are left out.
  public func forEach(
    _ pieceCount: Int, _ body: @Sendable (_ piece: Int, _ worker: Int) throws -> Void
  ) throws {
    let next = Atomic(0)
    try run { worker in
      while true {
        let piece = next.add(1, ordering: .relaxed).oldValue
        guard piece < pieceCount else { return }
        do {
          try body(piece, worker)
        } catch {
          next.store(pieceCount, ordering: .relaxed)
          throw error
        }
      }
    }
  }
}

/// The error of whichever worker fails first.
private final class FirstFailure: Sendable {
  private let first = Mutex<(any Error)?>(nil)

  var error: (any Error)? { first.withLock { $0 } }

  func catchError(_ body: () throws -> Void) {
    do {
      try body()
    } catch {
      first.withLock { if $0 == nil { $0 = error } }
    }
  }
}

/// A point that workers pass together.
final class Barrier: Sendable {
  private let left: Mutex<Int>
  private let broken = Atomic(false)

  init(_ count: Int) {
    left = Mutex(count)
  }

  /// Whether a worker failed before it got here.
  var isBroken: Bool { broken.load(ordering: .relaxed) }

  /// Waits until all workers are here, or one has failed.
  func wait() {
    left.withLock { $0 -= 1 }
    while left.withLock({ $0 }) > 0 && !isBroken { Clock.sleep(milliseconds: 1) }
  }

  /// Lets the others go on: this worker will not come.
  func breakUp() { broken.store(true, ordering: .relaxed) }
}

/// A thread beside the workers, for what only looks on.
public enum BackgroundThread {
  public static func start(_ body: @escaping @Sendable () -> Void) {
    DispatchQueue.global(qos: .utility).async(execute: body)
  }
}
