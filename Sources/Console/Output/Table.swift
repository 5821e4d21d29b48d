internal import Service

/// Aligned columns for people.
///
/// Cells may come from anywhere: what could move a cursor is escaped.
struct Table {
    struct Column {
        var title: String
        var isNumber = false
    }
    var columns: [Column]
    private(set) var rows: [[String]] = []

    /// The longest that a cell is shown, in bytes.
    private static let longestCell = 300

    init(_ columns: [Column]) {
        self.columns = columns
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells.map { Escaping.printable($0, limit: Self.longestCell) })
    }

    /// - Parameter width: what exceeds it is cut; nil cuts nothing.
    func text(width: Int?) -> String {
        let titles = columns.map(\.title)
        let widths = widths
        let lines = ([titles] + rows).map { line($0, widths) }
        return lines.map { Self.cut($0, to: width) + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var parts: [String] = []
        for (index, column) in columns.enumerated() {
            let cell = index < cells.count ? cells[index] : ""
            parts.append(cell.padded(to: widths[index], left: column.isNumber))
        }
        var line = parts.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line
    }

    private var widths: [Int] {
        columns.indices.map { index in
            let cells = rows.map { index < $0.count ? DisplayWidth.of($0[index]) : 0 }
            return max(DisplayWidth.of(columns[index].title), cells.max() ?? 0)
        }
    }

    static func cut(_ line: String, to width: Int?) -> String {
        guard let width, DisplayWidth.of(line) > width else { return line }
        return DisplayWidth.prefix(of: line, columns: max(0, width - 1)) + "…"
    }
}
