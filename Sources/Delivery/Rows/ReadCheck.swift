/// Whether a reply has been read (Contract.md, "Read check").
package enum ReadCheck {
    /// Whether `last_read_at >= created_at`, where "a marker in the future counts as now".
    ///
    /// - Parameter marker: The recipient's `last_read_at`; nil if the recipient has read nothing yet.
    package static func isRead(createdAt: WallTime, marker: WallTime?, now: WallTime) -> Bool {
        guard let marker else { return false }
        return min(marker, now) >= createdAt
    }
}
