internal import Service

/// Aligned columns for people.
///
/// Cells may come from anywhere: what could move a cursor is escaped. In a terminal that is too
/// narrow whole columns are left out, each as it says itself, before the lines are cut at their end.
struct Table {
    struct Column {
        var title: String
        var isNumber = false
        /// nil: it is never left out.
        var omission: Omission?
        /// What is wider is cut to so many columns in a terminal, before other columns make room for it.
        var most: Int?
    }

    /// When a column makes room for the last one.
    struct Omission {
        /// Those of the lowest number go first.
        var order: Int
        /// It stays once the last column has so much room, though more would be of use.
        var untilLastHas: Int = .max
    }

    var columns: [Column]
    private(set) var rows: [[String]] = []

    /// The longest that a cell is shown, in bytes.
    private static let longestCell = 300
    private static let gap = "  "

    init(_ columns: [Column]) {
        self.columns = columns
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells.map { Escaping.printable($0, limit: Self.longestCell) })
    }

    /// - Parameter width: what exceeds it is left out or cut; nil leaves out and cuts nothing.
    func text(width: Int?) -> String {
        let titles = columns.map(\.title)
        let rows = width == nil ? rows : rows.map(shortened)
        let widths = widths(of: rows)
        let shown = shown(widths, in: width)
        let lines = ([titles] + rows).map { line($0, shown, widths) }
        return lines.map { Self.cut($0, to: width) + "\n" }.joined()
    }

    private func line(_ cells: [String], _ shown: [Int], _ widths: [Int]) -> String {
        let parts = shown.map { index in
            let cell = index < cells.count ? cells[index] : ""
            return cell.padded(to: widths[index], left: columns[index].isNumber)
        }
        var line = parts.joined(separator: Self.gap)
        while line.last == " " { line.removeLast() }
        return line
    }

    private func shortened(_ cells: [String]) -> [String] {
        zip(cells, columns).map { cell, column in Self.cut(cell, to: column.most) }
    }

    private func widths(of rows: [[String]]) -> [Int] {
        columns.indices.map { index in
            let cells = rows.map { index < $0.count ? DisplayWidth.of($0[index]) : 0 }
            return max(DisplayWidth.of(columns[index].title), cells.max() ?? 0)
        }
    }

    /// The columns that are not left out, by their places.
    private func shown(_ widths: [Int], in width: Int?) -> [Int] {
        var shown = Array(columns.indices)
        guard let width, let last = shown.last else { return shown }
        let yielding = shown.compactMap { index in
            columns[index].omission.map { (index: index, omission: $0) }
        }.sorted { ($0.omission.order, $0.index) < ($1.omission.order, $1.index) }
        for column in yielding {
            let others = shown.dropLast().reduce(0) { $0 + widths[$1] + Self.gap.utf8.count }
            if width - others < min(widths[last], column.omission.untilLastHas) {
                shown.removeAll { $0 == column.index }
            }
        }
        return shown
    }

    static func cut(_ line: String, to width: Int?) -> String {
        guard let width, DisplayWidth.of(line) > width else { return line }
        return DisplayWidth.prefix(of: line, columns: max(0, width - 1)) + "…"
    }
}
