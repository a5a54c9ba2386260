/// The shape by which a square, or a row of equal ones, shows what it is: not everybody can tell colours
/// apart, and paper may have none.
struct HeatMapMark {
  let x: Int
  let y: Int
  let width: Int
  let height: Int
  /// The width of one square with the space after it.
  let step: Int

  /// All of the square.
  var square: String { HeatMapMark.box(x, y, width, height) }

  /// What is filled: all of it for events; for days without, two bars as in `=`, one as in `-`, a dot a
  /// square, or the frame of a hole.
  func path(_ shade: Strip.Step) -> String {
    let middle = y + height / 2
    switch shade {
    case .few, .some, .usual, .many: return square
    case .quiet:
      let distance = height > 12 ? 3 : 2
      return HeatMapMark.box(x, middle - distance - 1, width, 2)
        + HeatMapMark.box(x, middle + distance - 1, width, 2)
    case .covered: return HeatMapMark.box(x, middle - 1, width, 2)
    case .hole:
      // Where there is no room for a frame it is higher than its neighbours.
      if step < 6 { return HeatMapMark.box(x, y - 1, width, height + 2) }
      return square + HeatMapMark.box(x + 2, y + 2, width - 4, height - 4)
    case .none:
      let dot = step < 6 ? 1 : 3
      return stride(from: x, to: x + width, by: step).map {
        HeatMapMark.box($0 + (min(step, width) - dot) / 2, middle - dot / 2, dot, dot)
      }.joined()
    }
  }

  private static func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> String {
    "M\(x) \(y)h\(width)v\(height)h-\(width)z"
  }
}
