/// How the files of a hidden store are written.
///
/// A dataset keeps what it was made with until it is rebuilt, so that its files need not change.
public enum StoreCompression: String, Sendable {
  /// Uncompressed.
  case none
  /// The fastest level: a third of the text's bytes, for a few seconds a gigabyte.
  case gzip = "gzip:1"
}

extension Manifest {
  /// How a store is written that goes on with what the dataset holds.
  public var keptStoreCompression: StoreCompression {
    store == DatasetLayout.storeOutput ? storeCompression : .gzip
  }
}
