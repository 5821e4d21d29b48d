/// A row that is neither sent, skipped nor failed, and not in a mail under way, as ``Gathering``
/// sees it.
package struct OpenRow: Hashable, Sendable, Identifiable {
    package var id: Int64
    package var createdAt: WallTime
    /// ``HoldPolicy``'s answer, moved where the wall clock was set since (``ClockJump``).
    package var dueAt: WallTime
    /// Until then it counted as not yet written.
    package var notBefore: WallTime?
    /// As it stands now: the API server may make a held row instant.
    package var isInstant: Bool
    /// `cancelled_at` is set.
    package var isCancelled: Bool
    /// The recipient's `last_read_at` in this conversation.
    package var readMarker: WallTime?
    package var isSuppressed: Bool
    /// How often it has been in a mail that the relay deferred or whose process died with it.
    ///
    /// 0 where it never was, or only in mails that went back as they were.
    package var attempts: Int

    package init(
        id: Int64, createdAt: WallTime, dueAt: WallTime, notBefore: WallTime? = nil,
        isInstant: Bool = false,
        isCancelled: Bool = false, readMarker: WallTime? = nil, isSuppressed: Bool = false,
        attempts: Int = 0
    ) {
        self.id = id
        self.createdAt = createdAt
        self.dueAt = dueAt
        self.notBefore = notBefore
        self.isInstant = isInstant
        self.isCancelled = isCancelled
        self.readMarker = readMarker
        self.isSuppressed = isSuppressed
        self.attempts = attempts
    }

    /// Why it is not to be mailed, as far as others have a say in it: the API server, the
    /// recipient, the suppression list.
    ///
    /// The first reason that holds, in this order.
    package func reasonToSkip(at now: WallTime) -> SkipReason? {
        if isCancelled { return .cancelled }
        if ReadCheck.isRead(createdAt: createdAt, marker: readMarker, now: now) { return .read }
        return isSuppressed ? .suppressed : nil
    }

    /// The order of rows within a mail and between mails.
    package static func isOlder(_ lhs: OpenRow, _ rhs: OpenRow) -> Bool {
        (lhs.createdAt, lhs.id) < (rhs.createdAt, rhs.id)
    }
}
