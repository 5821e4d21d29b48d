import SQLite
import Store
import Testing

/// The sentence for the person on call names the API server's tables, and no others.
struct FaultTextTests {
    @Test(arguments: [
        ("INSERT INTO suppressions (address) VALUES (?)", "in suppressions: no (SQLite 19)"),
        ("SELECT 1 FROM read_markers WHERE helpdesk_id = ?", "in read_markers: no (SQLite 19)"),
        ("UPDATE outboxd_mails SET phase = 1", "no (SQLite 19)"),
        ("SELECT 1 FROM outboxd_suppressing, outboxd_rows", "no (SQLite 19)"),
        (
            "SELECT 1 FROM outbox o WHERE EXISTS (SELECT 1 FROM helpdesks) OR (SELECT 1 FROM suppressions)",
            "in suppressions or helpdesks or outbox: no (SQLite 19)"
        ),
    ])
    func `each table that the statement is about`(_ operation: String, _ text: String) {
        #expect(SQLiteError(code: 19, message: "no", operation: operation).inTable == text)
    }
}
