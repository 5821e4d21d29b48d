internal import Delivery
internal import SQLite

/// Counts what waits where much does, by the numbers that lines keep and by indexes alone.
///
/// A mail counts as one row, and those of `outboxd_combined` as the rows they have. What differs from
/// ``SQLiteReader/numbers(at:)`` of few mails: rows that the API server has deleted or cancelled count until their mail comes up,
/// and a mail whose attempt was taken back counts as deferred.
extension SQLiteReader {
    /// So many open mails at most are looked at one by one.
    static let fewMails = 20_000

    func mayCountExactly(few: Int = fewMails) throws -> Bool {
        try connection.statement(
            """
            SELECT 1 FROM outboxd_mails INDEXED BY outboxd_mails_open
            WHERE phase < \(phase: .finished) LIMIT 1 OFFSET \(few)
            """
        ).first { _ in true } == nil
    }

    func countManyOpen(_ circumstances: Circumstances, into numbers: inout Numbers) throws {
        for turn in TurnClass.allCases { try countLines(turn, circumstances, into: &numbers) }
        try countAside(circumstances, into: &numbers)
        try countSending(into: &numbers)
        try countCombined(circumstances, into: &numbers)
    }

    /// Mails that stand in their lines.
    private func countLines(
        _ turn: TurnClass, _ circumstances: Circumstances, into numbers: inout Numbers
    ) throws {
        for queue in try queues(turn) {
            let first = OpenMail(isInLine: turn, park: queue.park, dueAt: queue.oldest)
            var later = first
            later.dueAt = max(queue.oldest, circumstances.now + .milliseconds(1))
            func reason(_ mail: OpenMail) -> WaitReason? {
                Self.waitReason(mail, queue.helpdeskID, circumstances, dueAt: mail.dueAt)
            }
            // If due mails and later ones wait for the same reason, they are not told apart.
            let due =
                reason(first) == reason(later)
                ? queue.mails : try mailsDue(in: queue, by: circumstances.now)
            let others = queue.mails - due
            if due > 0 { add(due, first, queue.helpdeskID, circumstances, into: &numbers) }
            if others > 0 { add(others, later, queue.helpdeskID, circumstances, into: &numbers) }
        }
    }

    /// Mails that wait for something else than their turn.
    private func countAside(_ circumstances: Circumstances, into numbers: inout Numbers) throws {
        let mails = try connection.statement(
            """
            SELECT m.id, m.phase, m.wait, min(m.due_at), m.attempts, m.troubles, \(LineOfMail.park),
                m.helpdesk_id, count(*)
            FROM outboxd_mails m INDEXED BY outboxd_mails_aside
            WHERE m.phase = \(phase: .waiting) AND m.wait > 0
            GROUP BY m.wait, m.helpdesk_id, m.attempts > 0, m.troubles > 0, m.due_at <= ?
            """
        ).bind(circumstances.now.milliseconds).all {
            (OpenMail($0, from: 0), $0.text(7), Int($0.int(8)))
        }
        for (mail, helpdesk, count) in mails {
            if mail.wait == .uncertain { numbers.heldMails += count }
            add(count, mail, helpdesk, circumstances, into: &numbers)
        }
    }

    private func countSending(into numbers: inout Numbers) throws {
        let count = try connection.statement(
            "SELECT count(*) FROM outboxd_mails INDEXED BY outboxd_mails_sending WHERE phase = \(phase: .sending)"
        ).first { Int($0.int(0)) }
        numbers.counts[.sending, default: 0] += count ?? 0
    }

    /// The rows of mails with several beyond the first; and none is a row less.
    private func countCombined(
        _ circumstances: Circumstances, into numbers: inout Numbers
    ) throws {
        let mails = try connection.statement(
            """
            SELECT m.id, m.phase, m.wait, m.due_at, m.attempts, m.troubles, \(LineOfMail.park),
                m.helpdesk_id,
                (SELECT count(*) - 1 FROM outboxd_rows r
                    WHERE r.mail_id = m.id AND r.state = \(row: .pending))
            FROM outboxd_combined c CROSS JOIN outboxd_mails m ON m.id = c.mail_id
            WHERE m.phase < \(phase: .finished)
            """
        ).all { (OpenMail($0, from: 0), $0.text(7), Int($0.int(8))) }
        for (mail, helpdesk, more) in mails {
            add(more, mail, helpdesk, circumstances, into: &numbers)
        }
    }

    private func add(
        _ rows: Int, _ mail: OpenMail, _ helpdesk: String, _ circumstances: Circumstances,
        into numbers: inout Numbers
    ) {
        guard let reason = Self.waitReason(mail, helpdesk, circumstances, dueAt: mail.dueAt) else {
            numbers.counts[.sending, default: 0] += rows
            return
        }
        numbers.add(rows, waitingFor: reason, dueAt: mail.dueAt, now: circumstances.now)
    }
}
