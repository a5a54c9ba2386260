public import Bytes

/// The folder that the tool keeps its own files in, below the folder of each dataset.
///
/// What is in it is never an input. Names with `_` are invisible to Athena, Spark and Hive.
public enum OwnFolder {
  public static let name: Path = "_trailmerge"
}
