import Foundation

/// One result, over one round or several.
struct Figure: Encodable {
    let name: String
    let unit: String
    /// One for each round; for delays the percentile itself.
    let values: [Double]
    let median: Double
    /// In words, and whether the median meets it.
    var target: String?
    var isMet: Bool?

    init(
        _ name: String, _ unit: String, _ values: [Double], target: String? = nil,
        isMet: ((Double) -> Bool)? = nil
    ) {
        self.name = name
        self.unit = unit
        self.values = values
        median = values.percentile(0.5)
        self.target = target
        self.isMet = isMet.map { $0(values.percentile(0.5)) }
    }
}

/// All results, for people or for programs.
struct Report: Encodable {
    var figures: [Figure] = []

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
        let verdict = figure.isMet.map { $0 ? "met" : "MISSED" }
        return [
            figure.name, short(figure.median), hasSpread ? short(figure.values.percentile(0)) : "",
            hasSpread ? short(figure.values.percentile(1)) : "", figure.unit,
            [figure.target, verdict].compactMap(\.self).joined(separator: ": "),
        ]
    }

    /// Three digits that say something.
    private static func short(_ value: Double) -> String {
        if value == 0 || abs(value) >= 100 { return String(Int(value.rounded())) }
        let scale = abs(value) >= 10 ? 10.0 : 100.0
        return "\((value * scale).rounded() / scale)"
    }
}

extension [Double] {
    /// The value that this part of all does not exceed; 0.5 is the median.
    func percentile(_ part: Double) -> Double {
        guard !isEmpty else { return 0 }
        let sorted = sorted()
        if part == 0.5, count.isMultiple(of: 2) {
            return (sorted[count / 2 - 1] + sorted[count / 2]) / 2
        }
        return sorted[Swift.min(count - 1, Int(Double(count) * part))]
    }
}
