/// Inserts rows many at a time: of all but the first that saves what each statement costs besides, such as opening the
/// table and its indexes.
///
/// A statement is compiled for a number of rows, so there are few numbers.
struct ManyRows {
    private static let sizes = [32, 8, 1]

    private let statements: [(count: Int, sql: String)]

    /// - Parameter row: One row's values, with their parentheses.
    init(_ insert: String, _ row: String) {
        statements = Self.sizes.map {
            ($0, "\(insert) \(repeatElement(row, count: $0).joined(separator: ", "))")
        }
    }

    /// Calls `body` with parts of `rows`, in order, and a statement for each.
    func split<Row>(
        _ rows: [Row], _ body: (ArraySlice<Row>, String) throws -> Void
    ) rethrows {
        var rest = rows[...]
        for (count, sql) in statements {
            while rest.count >= count {
                try body(rest.prefix(count), sql)
                rest = rest.dropFirst(count)
            }
        }
    }
}
