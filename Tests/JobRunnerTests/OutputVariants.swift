import CloudTrail
import JobRunner
import Testing
import Writing

/// Sets of outputs that take every way a partition can be written.
enum OutputVariant: String, CaseIterable, Sendable, CustomTestStringConvertible {
  /// NDJSON and CSV, one partition a cell.
  case byCell
  /// A day and a month gather cells; small parts switch as whole folders.
  case gathered
  /// The records are in folders by hour, compressed.
  case hours
  /// No output keeps the records by cell: a hidden store does.
  case hiddenStore
  /// Everything in one folder, in small compressed parts.
  case onePartition
  /// Workbooks of days, and of cells; a day in several files.
  case workbooks

  static var allCases: [OutputVariant] {
    let all: [OutputVariant] = [.byCell, .gathered, .hours, .hiddenStore, .onePartition]
    return XLSX.isAvailable ? all + [.workbooks] : all
  }

  var testDescription: String { rawValue }

  var outputs: [OutputSpecification] {
    switch self {
    case .byCell: [output(NDJSON()), output(CSV()) { $0.maxRows = 3 }]
    case .gathered:
      [
        output(NDJSON()) { $0.maxRows = 2 },
        output(CSV(), "day") {
          $0.partitionBy = [.dt]
          $0.maxBytes = 900
        },
        output(CSV(profile: .excel), "month") { $0.partitionBy = [.account, .month] },
      ]
    case .hours:
      [
        output(NDJSON()) {
          $0.partitionBy = [.account, .region, .dt, .hour]
          $0.compression = .gzip(level: 6)
        },
        output(CSV()) {
          $0.partitionBy = [.dt, .hour]
          $0.provenance = true
        },
      ]
    case .hiddenStore:
      [
        output(CSV()) {
          $0.partitionBy = [.year, .region]
          $0.provenance = true
          $0.maxRows = 4
        },
        output(CSV(), "cells") {
          $0.provenance = true
          $0.compression = .gzip(level: 1)
        },
      ]
    case .onePartition:
      [
        output(NDJSON()) {
          $0.partitionBy = []
          $0.maxRows = 5
          $0.compression = .gzip(level: 6)
        },
        output(CSV()) { $0.partitionBy = [] },
      ]
    case .workbooks:
      [
        output(XLSX()) { $0.maxRows = 7 },
        output(XLSX(columns: ["eventTime", "actor", "outcome", "requestParameters"]), "cells") {
          $0.partitionBy = [.account, .region, .dt]
          $0.provenance = true
        },
      ]
    }
  }

  private func output(
    _ format: some OutputFormat, _ name: String? = nil,
    _ change: (inout OutputSpecification) -> Void = { _ in }
  ) -> OutputSpecification {
    var output = OutputSpecification(format)
    if let name { output.name = name }
    change(&output)
    return output
  }
}
