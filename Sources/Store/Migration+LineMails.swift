internal import Delivery

/// Step 12: each line says how many mails of each class stand in it, since to count a million takes 100 ms.
///
/// Kept in the transactions that change them (``Totals``); ``MailTable`` says when.
enum LineMailsMigration {
    static let ddl =
        TurnClass.allCases.map {
            "ALTER TABLE outboxd_lines ADD COLUMN \(Line.mails($0)) INTEGER NOT NULL DEFAULT 0"
        } + ["UPDATE outboxd_lines SET \(Line.mailsAnew)"]
}
