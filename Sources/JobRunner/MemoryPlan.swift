import Bytes

/// How a memory budget is shared out.
struct MemoryPlan: Sendable, Equatable, CustomStringConvertible {
  /// Threads that read and write at once: each needs buffers of its own.
  var workerCount: Int
  /// Bytes of JSON that a batch holds.
  var batchCapacity: Int
  /// Batches that may exist at once.
  var batchCount: Int

  /// A worker's buffers for reading and writing, beside its batches.
  private static let workerByteCount = 3 << 20

  /// Shares out `budget` bytes among at most `threads` workers.
  ///
  /// Batches stay small, so that a run keeps to memory it has touched before: on virtual machines a
  /// first touch costs more than parsing what is put there.
  init(budget: Int, threads: Int) {
    workerCount = max(1, min(threads, budget / (2 * MemoryPlan.workerByteCount)))
    let forBatches = max(budget - workerCount * MemoryPlan.workerByteCount, budget / 2)
    let share = forBatches / (4 * (workerCount + 1))
    batchCapacity = min(max(share, 256 << 10), 8 << 20)
    // A batch's entries take up to a quarter of its bytes on top.
    batchCount = max(workerCount + 2, forBatches / (batchCapacity + batchCapacity / 4))
  }

  /// `2 threads, 12 batches of 8 MB`.
  var description: String {
    "\(counted(workerCount, "thread")), \(counted(batchCount, "batch", plural: "batches")) of "
      + megabytes(batchCapacity)
  }
}
