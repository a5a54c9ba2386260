public import Bytes

/// The lock on a dataset: held by one process at a time, and gone with it, however it ends.
public struct DatasetLock: ~Copyable {
  private let file: OpenFile

  /// Takes the lock.
  ///
  /// `seconds`: how long to wait for another run.
  /// `mode`: how to open the lock's file.
  ///
  /// - Throws: `DatasetError.locked` when another run holds it all that time, or until a signal
  ///   asks to stop.
  public init(
    _ layout: DatasetLayout, waiting seconds: Int, mode: OpenFile.Mode = .updating
  ) throws {
    let file = try OpenFile(layout.lock, mode)
    // Asks again and again: a lock that blocks has no time limit, and would not see a signal that
    // comes just before it.
    var tenthsLeft = seconds * 10
    while try !file.tryLock() {
      guard tenthsLeft > 0, StopSignal.number == nil else { throw DatasetError.locked(layout.lock) }
      Clock.sleep(milliseconds: 100)
      tenthsLeft -= 1
    }
    self.file = file
  }

  /// Gives the lock back; so does the end of the process.
  public borrowing func release() {
    file.unlock()
  }
}
