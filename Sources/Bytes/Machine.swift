import CLinux
import Glibc
import Synchronization

/// The processors this process may run on.
public enum ProcessorCount {
  /// At least 1.
  public static var active: Int {
    max(1, Int(trailmerge_processor_count()))
  }
}

/// The memory this process may use.
public enum MachineMemory {
  /// The machine's memory, or the limit of the control group where that is lower, in bytes.
  public static var byteCount: Int {
    let pages = Int(sysconf(Int32(_SC_PHYS_PAGES)))
    let machine = pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
      .compactMap { limit(at: Path($0)) }
    return limits.reduce(machine, min)
  }

  /// Lets large blocks of memory go back to the system as soon as they are freed.
  ///
  /// glibc would keep up to 32 MiB of them for each thread once some were freed, whatever the budget.
  /// To be called when the process begins.
  public static func returnLargeBlocks() {
    trailmerge_map_blocks(4 << 20)
  }

  /// The memory budget of a job or a command that has none of its own, in bytes.
  public static var defaultBudget: Int { byteCount / 4 }

  private static func limit(at path: Path) -> Int? {
    guard let bytes = try? FileSystem.contents(of: path) else { return nil }
    let text = bytes.span.text().filter(\.isNumber)
    return Int(text).flatMap { $0 > 0 ? $0 : nil }
  }

  /// The most memory the process has had resident, in bytes; 0 if the kernel does not say.
  ///
  /// `getrusage` would count the peak of the program that started this one, so the kernel's own
  /// mark is read: `VmHWM` in `/proc/self/status`, in kB (proc(5)).
  public static var peakByteCount: Int {
    guard let status = try? FileSystem.contents(of: "/proc/self/status") else { return 0 }
    let line = status.span.text().split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) * 1024
  }
}

/// The time, for reports and progress.
public enum Clock {
  /// Seconds since 1970.
  public static var secondsSince1970: Int64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    return Int64(now.tv_sec)
  }

  /// The time that a file changed now would get, in nanoseconds since 1970.
  ///
  /// The kernel moves this clock on every few milliseconds only.
  public static var fileStamp: Int64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME_COARSE, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
  }

  /// Seconds from some moment in the past; never goes back.
  public static var steadySeconds: Double {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }

  /// Lets the calling thread rest.
  public static func sleep(milliseconds: UInt32) {
    usleep(milliseconds * 1000)
  }

  /// Processor seconds used by all threads so far.
  public static var processorSeconds: Double {
    var now = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }
}

/// SIGINT and SIGTERM, noted for the run to stop cleanly at the next file.
public enum StopSignal {
  private static let received = Atomic<Int32>(0)

  /// From now on the signals are noted instead of ending the process; nor does it end because nobody
  /// reads its output any more.
  public static func install() {
    signal(SIGPIPE, SIG_IGN)
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      signal(number) { StopSignal.received.store($0, ordering: .relaxed) }
      unsafe sigaddset(&signals, number)
    }
    // A parent whose thread blocked them hands that down.
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// The signal that came; nil if none did.
  public static var number: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Ends work that a signal asks to stop.
  ///
  /// Costs about as much as a comparison. Whatever may take a second without it calls it: loops over
  /// records, rows, lines and files.
  ///
  /// - Throws: `Stopped` once a signal has come.
  public static func check() throws(Stopped) {
    if number != nil { throw Stopped() }
  }
}

/// Thrown where work notices that a signal asks to stop.
public struct Stopped: Error {
  public init() {}
}

/// What the process was started with.
public enum ProcessArguments {
  /// The number of the first argument that is not UTF-8, and so not what `CommandLine` has of it.
  public static var firstUnreadable: Int? {
    // SAFETY: the arguments stay as they are while the process runs, each of them ended by NUL.
    (0..<Int(CommandLine.argc)).first { number in
      unsafe CommandLine.unsafeArgv[number].map { unsafe String(validatingCString: $0) == nil }
        ?? false
    }
  }
}

/// This process's number, for names that no other process uses.
public enum ProcessID {
  public static var current: Int { Int(getpid()) }
}

/// How many files this process may have open.
public enum OpenFileLimit {
  /// The hard limit: the soft one, often 1,024, is raised to it when this is first asked for.
  public static let raised: Int = {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard unsafe getrlimit(resource, &limit) == 0 else { return 256 }
    let before = limit.rlim_cur
    limit.rlim_cur = limit.rlim_max
    let count = unsafe setrlimit(resource, &limit) == 0 ? limit.rlim_max : before
    return Int(clamping: count)
  }()
}
