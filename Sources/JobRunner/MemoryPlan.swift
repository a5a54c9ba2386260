import Bytes

/// How a memory budget and the files that may be open at once are shared out.
///
/// It decides how fast a run is, never what comes out.
struct MemoryPlan: Sendable, Equatable, CustomStringConvertible {
  /// Threads that read and write at once: each needs buffers and files of its own.
  var workerCount: Int
  /// Bytes of JSON that a batch holds.
  var batchCapacity: Int
  /// Batches that may exist at once.
  var batchCount: Int
  /// How many segments a worker merges at once; each may be a file.
  var mergeWidth: Int
  /// Bytes that a worker may have in memory of the temporary segments that it merges.
  ///
  /// Two segments may always be merged, whatever they take.
  var windowLimit: Int

  /// A worker's buffers for reading and writing, beside its batches.
  private static let workerByteCount = 3 << 20
  /// Files that are open whatever the workers do: the lock, side files, standard streams.
  private static let sharedFileCount = 32
  /// A worker's own, beside its outputs and what it merges: the input file and its folder, and the
  /// temporary files of all steps of the run.
  private static let workerFileCount = 10
  /// With more segments at once their windows take too much memory; with fewer, records are copied
  /// more often.
  private static let mergeWidths = 8...64
  /// What merging may take beside the batches, on all workers together.
  private static let mergeByteCount = 32 << 20
  /// The most that a stored cell takes while it is merged.
  private static let cellByteCount = 256 << 10

  /// Shares out `budget` bytes and `openFiles` files among at most `threads` workers.
  ///
  /// Batches stay small, so that a run keeps to memory it has touched before: on virtual machines a
  /// first touch costs more than parsing what is put there.
  ///
  /// `outputCount`: Outputs that a worker writes at the same time.
  init(budget: Int, threads: Int, openFiles: Int, outputCount: Int) {
    let ownFiles = MemoryPlan.workerFileCount + outputCount
    let files = max(openFiles - MemoryPlan.sharedFileCount, 0)
    let least = MemoryPlan.mergeWidths.lowerBound
    workerCount = max(
      1, min(threads, budget / (2 * MemoryPlan.workerByteCount), files / (ownFiles + least)))
    windowLimit = max(MemoryPlan.mergeByteCount, budget / 8) / workerCount
    let width = min(files / workerCount - ownFiles, windowLimit / MemoryPlan.cellByteCount)
    mergeWidth = min(max(width, least), MemoryPlan.mergeWidths.upperBound)
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
