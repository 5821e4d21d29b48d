internal import Delivery

/// What the pre-send check read, and what follows from it.
///
/// Each line is asked only if none above it holds.
///
/// | found | the mail |
/// |---|---|
/// | the mail's row is gone, or has another token | lost |
/// | `helpdesks.paused`; a pause of an operator's that this run does not act through | paused |
/// | its address suppressed, everywhere or for its helpdesk | suppressed |
/// | a copy: every row gone, cancelled or another's; or its newest reply read | changed |
/// | a first one: a row gone, cancelled or another's; or its oldest reply read | changed |
/// | anything else (a new text, another pause's end) | go |
struct PreSendFacts: Equatable {
    var token: Int64?
    /// The mail's rows that are open, not deleted, not cancelled, and still the same notification.
    var standing: [ComposedRow] = []
    var readMarker: WallTime?
    var isPausedByAPI = false
    /// Operators' pauses that hold this mail, and when each was set: "" is everything.
    var pauses: [String: WallTime] = [:]
    var isSuppressed = false

    func result(
        for mail: CheckedMail, ignoring ignored: [String: WallTime], at now: WallTime
    ) -> PreSendResult {
        if token != mail.token { return .lost }
        if isPausedByAPI || pauses.contains(where: { ignored[$0.key] != $0.value }) {
            return .paused
        }
        if isSuppressed { return .suppressed }
        return isWanted(mail, at: now) ? .go : .changed
    }

    private func isWanted(_ mail: CheckedMail, at now: WallTime) -> Bool {
        // The oldest reply is the first to be read; a copy goes out whole while any is not.
        let decisive = mail.isCopy ? mail.newestReplyAt : mail.oldestReplyAt
        if ReadCheck.isRead(createdAt: decisive, marker: readMarker, now: now) { return false }
        return mail.isCopy
            ? mail.rows.contains(where: standing.contains)
            : mail.rows.allSatisfy(standing.contains)
    }
}
