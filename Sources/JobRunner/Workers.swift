public import Bytes
import Dispatch
import JobFiles
import Synchronization

/// The threads of a run: with `ChangeNotice` the only place that uses Dispatch.
///
/// Workers take pieces of work from a shared counter until none is left. What a piece yields is put
/// where its number says, so results do not depend on the number of threads. No worker waits until
/// others have begun: libdispatch has at most 255 threads beside the main one, and fewer for us when
/// others use them too.
public struct Workers: ParallelMapping, Sendable {
  public let count: Int

  /// The files that a worker may have open at a time, when it does not merge.
  private static let openFilesOfWorker = 6

  /// Makes `count` workers, at most `Job.threadLimit` and as many as may have files open at once; 0
  /// is one per core.
  public init(count: Int) {
    let wanted = count > 0 ? count : ProcessorCount.active
    let able = OpenFileLimit.raised / Workers.openFilesOfWorker
    self.count = max(1, min(wanted, Job.threadLimit, able))
  }

  public func forEach<Tools>(
    _ pieceCount: Int, with makeTools: @Sendable (_ worker: Int) throws -> Tools,
    _ body: @Sendable (_ piece: Int, Tools) throws -> Void
  ) throws {
    let next = Atomic(0)
    try run(min(count, pieceCount)) { worker in
      var tools: Tools?
      do {
        while true {
          let piece = next.add(1, ordering: .relaxed).oldValue
          guard piece < pieceCount else { return }
          try StopSignal.check()
          let kept = try tools ?? makeTools(worker)
          tools = kept
          try body(piece, kept)
        }
      } catch {
        next.store(pieceCount, ordering: .relaxed)
        throw error
      }
    }
  }

  /// Runs `body` for what `next` gives until that is nil, on all workers.
  ///
  /// `makeTools`: Makes what each worker needs for its first piece and keeps.
  ///
  /// - Throws: `Stopped` when a signal asks to stop, or an error of `next` or of one piece; no other
  ///   piece begins then.
  func forEach<Piece, Tools>(
    of next: @Sendable () throws -> Piece?,
    with makeTools: @Sendable (_ worker: Int) throws -> Tools,
    _ body: @Sendable (Piece, Tools) throws -> Void
  ) throws {
    let hasFailed = Atomic(false)
    try run(count) { worker in
      var tools: Tools?
      do {
        while !hasFailed.load(ordering: .relaxed), let piece = try next() {
          try StopSignal.check()
          let kept = try tools ?? makeTools(worker)
          tools = kept
          try body(piece, kept)
        }
      } catch {
        hasFailed.store(true, ordering: .relaxed)
        throw error
      }
    }
  }

  public func run<Result>(
    helpedBy help: @Sendable () -> Void, _ body: () throws -> Result
  ) rethrows -> Result {
    try withoutActuallyEscaping(help) { help in
      let others = DispatchGroup()
      for worker in 1..<count {
        DispatchQueue(label: "helper \(worker)").async(group: others) { help() }
      }
      defer { others.wait() }
      return try body()
    }
  }

  /// Runs `body` once on each of the first `workerCount` workers and waits for all.
  ///
  /// - Throws: The error of the first worker that failed, after all have ended.
  private func run(
    _ workerCount: Int, _ body: @Sendable (_ worker: Int) throws -> Void
  ) throws {
    guard workerCount > 0 else { return }
    let failure = FirstFailure()
    withoutActuallyEscaping(body) { body in
      let others = DispatchGroup()
      for worker in 1..<workerCount {
        // A serial queue gets a thread of its own, however few cores there are: workers that wait
        // for a disk or a network do not hold up the others.
        DispatchQueue(label: "worker \(worker)").async(group: others) {
          failure.catchError { try body(worker) }
        }
      }
      failure.catchError { try body(0) }
      others.wait()
    }
    if let error = failure.error { throw error }
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

/// A thread beside the workers, for what only looks on.
public enum BackgroundThread {
  public static func start(_ body: @escaping @Sendable () -> Void) {
    DispatchQueue.global(qos: .utility).async(execute: body)
  }
}
