internal import Delivery
internal import Store

/// Rows as `list` shows them to people.
enum RowTable {
    /// Why a row waits or failed is what somebody looks for: the tenant and the conversation go before
    /// a word of it is cut, the others once it has no room for the usual reply of a relay.
    private static let columns: [Table.Column] = [
        .init(title: "ID", isNumber: true), .init(title: "STATE"),
        .init(title: "WHEN", omission: .init(order: 4, untilLastHas: usualCause)),
        .init(title: "HELPDESK", omission: .init(order: 1), most: 40),
        .init(title: "CONVERSATION", omission: .init(order: 2), most: 40),
        .init(
            title: "RECIPIENT", omission: .init(order: 5, untilLastHas: usualCause), most: 40),
        .init(
            title: "TRIED", isNumber: true, omission: .init(order: 3, untilLastHas: usualCause)),
        .init(title: "LAST ERROR"),
    ]
    /// `rcpt: 450 4.2.0 <ann@example.com>: Recipient address rejected: Greylisted`, in columns.
    private static let usualCause = 72

    static func text(
        _ rows: some Collection<OutboxView.Row>, now: WallTime, width: Int?
    ) -> String {
        var table = Table(columns)
        for row in rows {
            table.add([
                String(row.id), row.stateInWords,
                when(row, TimeText(now: now)), row.helpdeskID, row.conversationID,
                row.recipientEmail, String(row.attempts), row.lastError?.line ?? "",
            ])
        }
        return table.text(width: width)
    }

    private static func when(_ row: OutboxView.Row, _ time: TimeText) -> String {
        switch row.state {
        case .pending, .sending:
            row.dueAt > time.now
                ? "due \(time.relative(row.dueAt))"
                : "due since \(TimeText.length(time.now - row.dueAt))"
        case .sent, .skipped, .failed: time.relative(row.finishedAt ?? row.sentAt ?? row.dueAt)
        }
    }
}
