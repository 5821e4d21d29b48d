import Delivery
import SQLite

@testable import Store

/// What is checked of what outboxd says.
extension Ledger {
    /// After each commit of outboxd's.
    func compare(_ server: Connection) throws {
        latestWall = max(latestWall, clock.wallNow())
        let now = try server.statement(
            "SELECT id, state, reason, attempts FROM outbox_status ORDER BY id"
        ).all {
            (id: $0.int(0), state: $0.text(1), reason: $0.optionalText(2), attempts: $0.int(3))
        }
        for row in now {
            guard let known = rows[row.id] else { continue }
            try compare(known, row.state, row.reason)
            try checkCause(known, row.state, row.reason, server)
            rows[row.id]?.state = row.state
            rows[row.id]?.reason = row.reason
            rows[row.id]?.attempts = row.attempts
            rows[row.id]?.wasTried = known.wasTried || row.attempts > 0
            if row.state == "failed" { rows[row.id]?.hasFailed = true }
        }
        try checkTogether(server)
        if try TotalsRebuild.isWrong(server) { throw Violation(.miscounted, "the totals") }
    }

    static let final: Set = ["sent", "skipped", "failed"]

    private func compare(_ known: LedgerRow, _ state: String, _ reason: String?) throws {
        if Self.final.contains(known.state), state != known.state, !known.isInOperatorsHands,
            // A refusal that was not the row's fault (Contract.md).
            !(known.state == "failed" && known.reason == "rejected")
        {
            throw Violation(
                .unsettled, "\(known.id): \(known.state) \(known.reason ?? ""), then \(state)")
        }
        // The same reply once more is sent with the first, which an operator may have settled as sent.
        guard state == "sent", known.state != "sent",
            !group(known.token).contains(where: \.isInOperatorsHands)
        else { return }
        let isAccepted = deliveries[known.token]?.contains(where: \.isAccepted) ?? false
        if !isAccepted { throw Violation(.lost, "\(known.id) is sent, and nobody got it") }
    }

    private func checkTogether(_ server: Connection) throws {
        let twice = try server.statement(
            """
            SELECT group_concat(id) FROM outboxd_mails WHERE phase = 1
            GROUP BY helpdesk_id, conversation_id, recipient HAVING count(*) > 1
            """
        ).first { $0.text(0) }
        if let twice { throw Violation(.together, "mails \(twice)") }
    }

    /// Rows that are open, with what they wait for; deleted ones are nobody's business.
    func open(_ server: Connection) throws -> [(id: Int64, text: String, isUncertain: Bool)] {
        try server.statement(
            """
            SELECT id, state, reason, due_at, attempts, last_error FROM outbox_status
            WHERE state NOT IN ('sent', 'skipped', 'failed') ORDER BY id
            """
        ).all {
            (
                $0.int(0),
                "\($0.int(0)) \($0.text(1)) \($0.optionalText(2) ?? "") due \($0.int(3)), \($0.int(4)) attempts, \($0.optionalText(5) ?? "")",
                $0.optionalText(2) == "uncertain"
            )
        }
    }
}
