/// How far a database is: a number that grows with each transaction after which a copy of a mail may be at the
/// relay, and which database it is about.
///
/// A backup that is older than the last mail has a smaller number.
package struct Epoch: Hashable, Sendable {
    /// Drawn when the table was made: two databases have different ones, copies of one the same.
    package var lineage: Int64
    /// From 0; never beyond ``greatest``.
    package var number: Int64

    /// A thousand transactions a second take 146 million years; what is beyond was never counted.
    package static let greatest: Int64 = 1 << 62

    package init(lineage: Int64, number: Int64) {
        self.lineage = lineage
        self.number = number
    }

    /// - Parameter stored: Whatever stands in the table: another program may have written there.
    package init(lineage: Int64, stored: Int64) {
        self.init(lineage: lineage, number: min(max(0, stored), Self.greatest))
    }
}
