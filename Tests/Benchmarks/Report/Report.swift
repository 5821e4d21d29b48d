import Foundation

/// All results, for people or for programs.
struct Report: Encodable {
    var figures: [Figure] = []
    /// Benchmarks that came to no end, each with its reason.
    var failures: [String] = []

    var missed: [Figure] { figures.filter { $0.verdict == .missed } }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    func table() -> String {
        let header = ["", "median", "min", "max", "unit", "target"]
        let lines = [header] + figures.map(Self.cells)
        let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            zip(cells, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return (1...3).contains(column) ? padding + cell.0 : cell.0 + padding
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func cells(_ figure: Figure) -> [String] {
        let hasSpread = figure.values.count > 1
        return [
            figure.name, figure.median.short, hasSpread ? figure.values.percentile(0).short : "",
            hasSpread ? figure.values.percentile(1).short : "", figure.unit,
            [figure.target, figure.verdict?.rawValue].compactMap(\.self).joined(separator: ": "),
        ]
    }
}
