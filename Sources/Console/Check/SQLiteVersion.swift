/// A version of SQLite: `3.40.1`.
struct SQLiteVersion: Comparable {
    var parts: [Int]

    init?(_ text: String) {
        let parts = text.split(separator: ".").map { Int($0) }
        guard parts.count >= 3, !parts.contains(nil) else { return nil }
        self.parts = parts.compactMap(\.self)
    }

    private init(_ parts: Int...) {
        self.parts = parts
    }

    static func < (lhs: SQLiteVersion, rhs: SQLiteVersion) -> Bool {
        lhs.parts.lexicographicallyPrecedes(rhs.parts)
    }

    /// The WAL-reset bug: since 3.7.0, mended in 3.51.3 and, in older lines, in 3.50.7 and 3.44.6.
    ///
    /// A distribution may have mended it without changing the number.
    /// https://sqlite.org/wal.html#walresetbug
    var hasResetBug: Bool {
        let line = parts.prefix(2)
        if line == [3, 44] { return self < SQLiteVersion(3, 44, 6) }
        if line == [3, 50] { return self < SQLiteVersion(3, 50, 7) }
        return self >= SQLiteVersion(3, 7, 0) && self < SQLiteVersion(3, 51, 3)
    }
}
