import Glibc

/// Where programs put what is theirs for a while.
public enum TemporaryPlace {
  /// The folder that the environment names, else the system's.
  public static var path: Path {
    // SAFETY: read before any thread could change the environment; the text is copied.
    let named = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
    return named.isEmpty ? "/tmp" : Path(named)
  }
}
