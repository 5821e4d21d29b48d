package import Delivery

extension OutboxView {
    /// Since when the relay has been silent about mails that are under way; nil while it is not.
    ///
    /// It is once the oldest mail under way was claimed half a minute ago and none was accepted since. Example: claimed at
    /// 3:12:00, another accepted at 3:12:20, now 3:12:55: silent since 3:12:20.
    package static func silentSince(
        sendingSince: WallTime?, lastSentAt: WallTime?, now: WallTime
    ) -> WallTime? {
        guard let sendingSince else { return nil }
        let since = max(sendingSince, lastSentAt ?? sendingSince)
        return now - since >= .seconds(30) ? since : nil
    }
}
