/// Whether the frozen copy of an uncertain mail goes out again: "the copy goes out whole and
/// unchanged, … or not at all if every row has since been read or cancelled".
///
/// An address that has been suppressed since gets no mail either; all rows of a mail have the same.
/// Age does not count: the mail has been sent before, perhaps.
package enum FrozenCopy: Hashable, Sendable {
    /// All of it, with the rows that were read since.
    case goes
    /// Each row is skipped, for its own reason, oldest first.
    case dropped([Skip])

    /// - Parameter rows: The mail's rows as they stand now. One that was deleted is left out; none
    ///   left is nothing to send.
    package init(of rows: [OpenRow], at now: WallTime) {
        var skips: [Skip] = []
        for row in rows.sorted(by: OpenRow.isOlder) {
            guard let reason = row.reasonToSkip(at: now) else {
                self = .goes
                return
            }
            skips.append(Skip(row: row.id, reason: reason))
        }
        self = .dropped(skips)
    }
}
