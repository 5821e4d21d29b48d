/// Reads the columns of a row in the order of the SELECT, without positions.
///
/// Whoever adds a column adds it to the SELECT and to the reads below it; no number changes.
package struct ColumnCursor {
    private let row: Statement
    private var column: Int32

    /// - Parameter column: The first column to read.
    package init(_ row: Statement, from column: Int32 = 0) {
        self.row = row
        self.column = column
    }

    private mutating func next() -> Int32 {
        defer { column += 1 }
        return column
    }

    package mutating func int() -> Int64 { row.int(next()) }
    package mutating func optionalInt() -> Int64? { row.optionalInt(next()) }
    package mutating func bool() -> Bool { row.bool(next()) }
    package mutating func text() -> String { row.text(next()) }
    package mutating func text(limit: Int) -> String { row.text(next(), limit: limit) }
    package mutating func optionalText() -> String? { row.optionalText(next()) }

    package mutating func optionalText(limit: Int) -> String? {
        row.optionalText(next(), limit: limit)
    }
}
