import Delivery
import SQLite
import Store
import TestSupport
import Testing

/// Statements that may do what others may not, by a part of their text, and why.
private typealias Exemptions = KeyValuePairs<String, String>

private let mayCostMore: Exemptions = [
    // status, and what a drain says at its end: three instructions for each mail.
    "outboxd_mails_aside WHERE m.phase = 0 AND m.wait > 0 GROUP BY": "counts what does not",
    "count(*) FROM outboxd_mails INDEXED BY outboxd_mails_aside": "counts what is behind",
    // A look for each helpdesk.
    "SELECT l.id, l.helpdesk_id, l.parked, l.": "two looks for each line",
    "FROM outboxd_lines l WHERE l.first_due IS NOT NULL": "one look for each line",
    "FROM outboxd_lines l WHERE l.retry_due IS NOT NULL": "one look for each line",
    "SELECT id FROM helpdesks": "one for each helpdesk",
    "FROM outboxd_lines WHERE parked > 0 AND id > ? ORDER BY id LIMIT ?": "200 lines at most",
    "FROM outboxd_lines l ORDER BY l.id": "list: one look for each line",
    "FROM outboxd_blocks WHERE block <= ? AND NOT": "list: one look for 4,096 rows",
    // 10,000 rows at most.
    "FROM outbox o CROSS JOIN outboxd_rows r": "list: few rows of a helpdesk",
    "SELECT id FROM outbox WHERE message_id IN": "list --message-id: the API server's index",
    "INDEXED BY outboxd_rows_ended": "list: few rows that were skipped, or failed",
    "SELECT 1 FROM outbox o WHERE o.helpdesk_id = ? LIMIT 1 OFFSET": "list: whether they are few",
    "INDEXED BY outboxd_mails_aside CROSS JOIN outboxd_rows r": "list: few that stand aside",
    "SELECT 1 FROM outboxd_mails m INDEXED BY outboxd_mails_aside": "list: whether they are few",
]

private let mayScan: Exemptions = [
    "SELECT id FROM outbox WHERE message_id IN": "as above",
    "SELECT (SELECT count(*) FROM outbox)": "in a table of half a million rows at most",
    "SELECT 1 FROM outboxd_rows LIMIT 1 OFFSET": "half a million rows, where ids are far apart",
    "INDEXED BY outboxd_mails_open WHERE phase < 2 LIMIT 1 OFFSET": "20,000 mails at most",
    "FROM outboxd_blocks WHERE block <= ? AND NOT": "list: one look for 4,096 rows",
    "FROM outboxd_lines l WHERE l.": "one look for each line",
    "line IN (SELECT id FROM outboxd_lines WHERE parked IN (0, 1))": "one look for each line",
    "SELECT created_at FROM outbox ORDER BY id DESC LIMIT 1": "the last row",
    "min(due) FROM": "health: the first 10,000 new rows at most",
    "FROM outboxd_unread WHERE troubles > 0": "status: rows that could not be read, or are put off",
    "FROM outboxd_unread INDEXED BY outboxd_unread_retry ORDER BY retry_at LIMIT": "200 at most",
    "FROM outboxd_deeds WHERE row_id IS NULL": "what operators did to helpdesks",
    "INDEXED BY outboxd_mails_troubles": "1,000 mails at most",
]

private let maySort: Exemptions = [
    "WHERE parked = 4 AND parked > 0": "lines that rest, or can't be read",
    "FROM outboxd_deeds WHERE row_id IS NULL": "what operators did to helpdesks",
    "FROM outboxd_senders WHERE blocked_at IS NOT NULL": "senders that are refused",
    "SELECT DISTINCT m.owner": "mails under way",
    "INDEXED BY outboxd_mails_sending CROSS JOIN outboxd_rows r": "the same",
    "CROSS JOIN outboxd_rows r ON r.mail_id = m.id": "list: few open rows",
    "FROM outbox o CROSS JOIN outboxd_rows r": "list: few rows of a helpdesk",
    "INDEXED BY outboxd_rows_ended": "list: few rows that were skipped, or failed",
    "SELECT DISTINCT state, reason": "a block's states",
    "SELECT DISTINCT m.line": "a block's lines",
    "SELECT id FROM outbox WHERE message_id IN": "the few that are found",
    "outboxd_mails_aside WHERE m.phase = 0 AND m.wait > 0 GROUP BY": "status: what is not in line",
    "GROUP BY 1, is_faulty": "status: 20,000 new rows at most",
    "FROM pragma_index_list('outbox')": "the columns of an index",
]

/// Mails under way, some hundreds at most.
private let sending = "USING INDEX outboxd_mails_sending"

extension Exemptions {
    fileprivate func has(_ sql: String) -> Bool { contains { sql.contains($0.key) } }
}

/// Tables that hold a row for each helpdesk, process, pause, sender or trouble, and what is no table.
private let small: Set = [
    "helpdesks", "h", "outboxd_pauses", "p", "outboxd_senders", "s", "outboxd_strikes",
    "outboxd_totals", "outboxd_pace", "outboxd_relay", "outboxd_instances", "i", "outboxd_shifts",
    "outboxd_suppressing", "json_each", "j", "sqlite_master", "t", "sqlite_schema",
    "sqlite_sequence", "pragma_table_xinfo", "pragma_index_list", "pragma_index_info", "l",
    "CONSTANT",
]

/// Ten times the rows that have ended, four times those that wait, ten times the helpdesks.
@Test func `no statement costs more because more has ended, waits, or is paused`() throws {
    let few = try DaysWork(finished: 10_000, waiting: 22_000, helpdesks: 60)
    try few.run()
    let many = try DaysWork(finished: 100_000, waiting: 88_000, helpdesks: 600)
    try many.run()
    let costs = many.costs()
    let all = StatementGrowth.compare(few.costs(), costs)
    #expect(all.count > 150)
    for one in all where one.isGrowth && !mayCostMore.has(one.sql) {
        Issue.record("\(Int(one.small)) instructions, then \(Int(one.large)): \(one.sql)")
    }
    // count(*) of a table is one instruction: its plan tells.
    for one in costs where ["SELECT", "INSERT", "UPDATE", "DELETE"].contains(one.text.prefix(6)) {
        let plan = try many.bed.server.plan(one.text)
        if plan.contains(where: { $0.hasPrefix("USE TEMP B-TREE") }), !maySort.has(one.sql) {
            Issue.record("\(plan) of \(one.sql)")
        }
        for step in plan where step.hasPrefix("SCAN") {
            let table = step.dropFirst("SCAN ".count).split(separator: " ").first.map(String.init)
            let isSmall =
                step.hasSuffix(sending)
                || (table.map { small.contains($0) || $0.hasPrefix("(") } ?? false)
            if !isSmall, !mayScan.has(one.sql) { Issue.record("\(step) in \(one.sql)") }
        }
    }
}
