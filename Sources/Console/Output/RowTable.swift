internal import Delivery
internal import Store

/// Rows as `list` shows them to people.
enum RowTable {
    static func text(
        _ rows: some Collection<OutboxView.Row>, now: WallTime, width: Int?
    ) -> String {
        var table = Table([
            .init(title: "ID", isNumber: true), .init(title: "STATE"), .init(title: "WHEN"),
            .init(title: "HELPDESK"), .init(title: "CONVERSATION"), .init(title: "RECIPIENT"),
            .init(title: "TRIED", isNumber: true), .init(title: "LAST ERROR"),
        ])
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
