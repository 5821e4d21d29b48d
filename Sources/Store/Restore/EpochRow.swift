internal import Delivery
internal import SQLite

/// The row of `outboxd_epoch`.
struct EpochRow {
    var epoch: Epoch
    var isNoted: Bool
    var heldSince: WallTime?
}

extension Connection {
    /// nil if somebody has deleted it.
    func epochRow() throws -> EpochRow? {
        try statement(
            "SELECT lineage, number, is_noted, held_since FROM outboxd_epoch WHERE id = 1"
        ).first {
            EpochRow(
                epoch: Epoch(lineage: $0.int(0), stored: $0.int(1)), isNoted: $0.bool(2),
                heldSince: $0.optionalTime(3))
        }
    }

    /// What it says, to be compared with what stands beside the database.
    func kept(_ row: EpochRow) throws -> KeptEpoch {
        KeptEpoch(epoch: row.epoch, isNoted: row.isNoted, hasSent: try hasSent())
    }

    /// Also a row that is pruned by now.
    private func hasSent() throws -> Bool {
        try statement("SELECT 1 FROM outboxd_totals WHERE key = ? AND number > 0")
            .bind(TotalKey.sent.name).first { _ in true } ?? false
    }
}
