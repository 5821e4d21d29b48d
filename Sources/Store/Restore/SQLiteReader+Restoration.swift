internal import Delivery
internal import SQLite

/// Whether everything is held since the database was restored: by what an outboxd has noticed, or by what stands
/// beside the file, which no outboxd may have looked at yet.
extension SQLiteReader {
    package func restoration() throws -> OutboxView.Restoration? {
        try connection.snapshot { try readRestoration() }
    }

    func readRestoration() throws -> OutboxView.Restoration? {
        if let held = try heldRestoration() { return held }
        guard let note, let noted, let row = try connection.epochRow() else { return nil }
        let kept = try connection.kept(row)
        // Another process raises it after its commit, which this snapshot may not have: what was there before
        // counts. And it makes one that is missing: what is there by now counts, too.
        guard kept.sign(in: noted) != nil, let sign = kept.sign(in: note.look()) else { return nil }
        return OutboxView.Restoration(since: nil, sign: sign, lastSentAt: try lastRowSentAt())
    }

    /// As it was noticed.
    func heldRestoration() throws -> OutboxView.Restoration? {
        try connection.statement(
            """
            SELECT held_since, sign, last_sent_at FROM outboxd_epoch
            WHERE id = 1 AND held_since IS NOT NULL
            """
        ).first { row in
            OutboxView.Restoration(
                since: row.time(0), sign: row.optionalText(1).flatMap(RestoreSign.init) ?? .newer,
                lastSentAt: row.optionalTime(2))
        }
    }

    /// When the last row was sent that is not pruned; from the index of what has ended.
    func lastRowSentAt() throws -> WallTime? {
        try connection.statement(
            "SELECT max(r.finished_at) FROM outboxd_rows r INDEXED BY outboxd_rows_ended WHERE \(EndedMigration.ended(as: .sent, "r"))"
        ).first { $0.optionalTime(0) } ?? nil
    }
}
