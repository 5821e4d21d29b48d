/// SQL after which nothing can be written down of mails, or of what keeps one from being written down.
package enum BrokenStore {
    private static let writes = [
        "UPDATE ON outboxd_mails", "INSERT ON outboxd_mails", "INSERT ON outboxd_unread",
        "INSERT ON outboxd_meta",
    ]

    package static let sql = writes.enumerated().map { number, write in
        """
        CREATE TRIGGER broken_\(number) BEFORE \(write) BEGIN
            SELECT RAISE(ABORT, 'database or disk is full');
        END;
        """
    }.joined()

    package static let mending = writes.indices.map { "DROP TRIGGER broken_\($0);" }.joined()
}
