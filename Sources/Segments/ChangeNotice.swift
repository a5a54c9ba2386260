import Dispatch
import Synchronization

/// Lets a worker wait until another one announces a change.
///
/// A caller reads `changeCount` first: a change that is announced after that ends the waiting at once,
/// so that none is missed. Every waiting worker has a semaphore of its own, so that none takes the
/// wake of another.
public final class ChangeNotice: Sendable {
  private struct State {
    var changeCount = 0
    var waiting: [DispatchSemaphore] = []
  }

  private let state = Mutex(State())

  public init() {}

  /// How many changes were announced so far.
  public var changeCount: Int { state.withLock { $0.changeCount } }

  /// Wakes all that wait.
  public func announce() {
    let waiting = state.withLock { state in
      state.changeCount += 1
      defer { state.waiting = [] }
      return state.waiting
    }
    for semaphore in waiting { semaphore.signal() }
  }

  /// Waits unless more than `changeCount` changes have been announced.
  public func wait(after changeCount: Int) {
    let semaphore = state.withLock { state -> DispatchSemaphore? in
      guard state.changeCount == changeCount else { return nil }
      let semaphore = DispatchSemaphore(value: 0)
      state.waiting.append(semaphore)
      return semaphore
    }
    semaphore?.wait()
  }
}
