/// How much of a row of `outbox` is read into memory, in octets: rows are another program's, and
/// one with a body of 300 MB must not end the process that all others depend on.
///
/// | what | at most | what becomes of more |
/// |---|---|---|
/// | `helpdesk_id`, `conversation_id`, `message_id`, `audience`, `recipient_email` | ``identity`` | the row is `invalid_row` or `invalid_address` |
/// | `body_text` | ``body`` | the mail cuts it and says so |
/// | `attachments` | ``attachments`` | the mail leaves the list to the conversation |
/// | names, subject, URLs, the like | ``line`` | cut; the mail uses less of each |
/// | the texts of one mail, whatever its rows hold | ``mail`` for bodies, as much again for attachments | the later ones are cut |
/// | the texts of one claim | ``batch`` | the mails after it wait for the next claim |
/// | a value in any other table | ``value`` | the statement fails with SQLITE_TOOBIG; a column of `helpdesks` that mails can do without counts as not set |
package enum OutboxLimits {
    /// More than 1,000 scalars of four octets, the longest id, so that one that is too long still
    /// shows as such.
    package static let identity = 4_004
    package static let line = 10_000
    /// A character more than a mail shows of one reply.
    package static let body = 100_004
    /// An octet more than a list of attachments may have.
    package static let attachments = 262_145
    package static let mail = 500_004
    package static let batch = 512 << 10
    /// No statement reads or binds a longer value, but for the few that keep whole mails.
    package static let value = 400_000
    /// A whole mail that is kept: ten times as much as mails have (`MailSize`), since older versions made larger ones.
    package static let frozen = 8 << 20
}
