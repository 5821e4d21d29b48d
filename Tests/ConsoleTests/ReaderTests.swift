import Delivery
import SQLite
import Store
import TestSupport
import Testing

/// The reader against the view `outbox_status`, which the API server reads: they must say the same.
struct ReaderTests {
    private struct Status: Equatable {
        var state: String
        var reason: String?
        var uncertain: Bool
        var attempts: Int
        var dueAt: Int64
        var sentAt: Int64?
        var messageID: String?
        var hasError: Bool
    }

    private func view(_ outbox: Outbox) throws -> [Int64: Status] {
        let rows = try outbox.connection.statement("SELECT * FROM outbox_status").all { row in
            (
                row.int(0),
                Status(
                    state: row.text(1), reason: row.optionalText(2), uncertain: row.bool(3),
                    attempts: Int(row.int(4)), dueAt: row.int(5), sentAt: row.optionalInt(6),
                    messageID: row.optionalText(8), hasError: !row.isNull(9))
            )
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    private func status(_ row: OutboxView.Row) -> Status {
        Status(
            state: row.state.name, reason: row.reason, uncertain: row.isUncertain,
            attempts: row.attempts, dueAt: row.dueAt.milliseconds,
            sentAt: row.sentAt?.milliseconds, messageID: row.emailMessageID,
            hasError: row.lastError != nil)
    }

    @Test(arguments: 0..<12)
    func `Rows are what the view says they are`(seed: UInt64) throws {
        let outbox = try Outbox()
        try Population(seed: seed).fill(outbox)
        let view = try view(outbox)
        let rows = try outbox.reader.list(.init(), limit: .max, at: outbox.now)
        #expect(rows.map(\.id) == view.keys.sorted(by: >))
        for row in rows { #expect(status(row) == view[row.id], "row \(row.id)") }
    }

    @Test(arguments: 0..<12)
    func `Numbers are what counting in the view gives`(seed: UInt64) throws {
        let outbox = try Outbox()
        try Population(seed: seed).fill(outbox)
        // What was cancelled waits for nothing.
        let cancelled = Set(
            try outbox.connection.statement(
                "SELECT id FROM outbox_status JOIN outbox USING (id) WHERE cancelled_at IS NOT NULL AND state = 'pending'"
            ).all { $0.int(0) })
        let view = try view(outbox).filter { !cancelled.contains($0.key) }.values
        let numbers = try outbox.reader.numbers(at: outbox.now)
        for state in [RowState.pending, .sending] {
            #expect(numbers.counts[state] == view.count { $0.state == state.name }, "\(state)")
        }
        // What outboxd remembers counts, also where the API server has deleted the row.
        for state in [RowState.sent, .skipped, .failed] {
            let remembered = try outbox.connection.statement(
                "SELECT count(*) FROM outboxd_rows WHERE state = ?"
            ).bind(state.rawValue).first { Int($0.int(0)) }
            #expect(numbers.counts[state] == remembered, "\(state)")
        }
        for reason in WaitReason.allCases {
            let expected = view.count { $0.state == "pending" && $0.reason == reason.rawValue }
            #expect(numbers.waiting[reason, default: 0] == expected, "\(reason)")
        }
        let due = view.filter { $0.state == "pending" && $0.dueAt <= outbox.now.milliseconds }
        #expect(numbers.oldestDueAt?.milliseconds == due.map(\.dueAt).min())
    }

    private static let filters: [OutboxView.Filter] = [
        .init(states: [.pending]), .init(states: [.sending]), .init(states: [.sent, .pending]),
        .init(states: [.failed]), .init(reasons: ["read"]), .init(reasons: ["hold"]),
        .init(reasons: ["paused", "rejected"]), .init(reasons: ["uncertain"]),
        .init(reasons: ["relay"]), .init(reasons: ["sender"]), .init(reasons: ["deferred"]),
        .init(states: [.sent], reasons: ["read"]), .init(helpdeskID: "h1"),
        .init(conversationID: "c2"), .init(recipient: " ANN@example.test "),
        .init(
            states: [.pending, .skipped], helpdeskID: "h2", conversationID: "c1",
            recipient: "bob@example.test"),
        .init(helpdeskID: "nobody's"),
    ]

    @Test(arguments: 0..<4, Self.filters.indices)
    func `A filter lists what it says, page by page`(seed: UInt64, index: Int) throws {
        let filter = Self.filters[index]
        let outbox = try Outbox()
        try Population(seed: seed).fill(outbox)
        let all = try outbox.reader.list(.init(), limit: .max, at: outbox.now)
        let expected = all.filter { row in
            (filter.states.isEmpty || filter.states.contains(row.state))
                && (filter.reasons.isEmpty || filter.reasons.contains(row.reason ?? ""))
                && (filter.helpdeskID.map { $0 == row.helpdeskID } ?? true)
                && (filter.conversationID.map { $0 == row.conversationID } ?? true)
                && (filter.recipient.map {
                    AddressText.normalized($0) == AddressText.normalized(row.recipientEmail)
                } ?? true)
        }
        var position = try outbox.reader.start()
        var found: [Int64] = []
        while found.count <= expected.count {
            let page = try outbox.reader.list(filter, limit: 7, from: position, at: outbox.now)
            found += page.map(\.id)
            guard let last = page.last else { break }
            position = position.after(last)
        }
        #expect(found == expected.map(\.id))
    }

    @Test func `Saved mails are counted as mails`() throws {
        let outbox = try Outbox()
        // Three rows of one mail sent, one alone; of another mail both read; of a third one of two.
        for _ in 1...3 { try outbox.add(conversation: "c1") }
        try outbox.add(conversation: "c2")
        try outbox.finish(.sent)
        for conversation in ["c3", "c3", "c4", "c4", "c5"] {
            try outbox.add(conversation: conversation)
        }
        try outbox.ingest()
        try outbox.connection.execute(
            """
            UPDATE outboxd_rows SET state = 3, reason = 'read' WHERE id IN (5, 6, 7, 9);
            UPDATE outboxd_rows SET state = 3, reason = 'cancelled' WHERE id = 8;
            DELETE FROM outboxd_totals;
            """)
        _ = try Database.migrate(path: outbox.path)
        let numbers = try outbox.reader.numbers(at: outbox.now)
        #expect(numbers.savedByCombining == 2)
        #expect(numbers.savedByRead == 2)
        #expect(numbers.mailsInLastMinute == 2)
        let later = try outbox.reader.numbers(at: outbox.now + .seconds(120))
        #expect((later.mailsInLastMinute, later.mailsInLastFiveMinutes) == (0, 2))
    }
}
