/// Whether a row's own values make sense; its address and attachments are judged elsewhere.
///
/// The bounds on length are outboxd's, far above what a support portal writes: 1,000 characters for ids,
/// 10,000 for the texts of one line and the URLs. A character is a Unicode scalar here. The body and
/// `attachments` have none: they are cut where they are read, and the mail says so.
package enum RowCheck {
    package static let longestID = 1_000
    package static let longestLine = 10_000

    /// 10^11: as seconds the year 5138, as milliseconds 1973.
    ///
    /// Below it, a time is in seconds.
    package static let earliest: Int64 = 100_000_000_000
    /// The last millisecond of the year 9999, the last year that a mail's Date can tell (RFC 5322,
    /// section 3.3).
    package static let latest: Int64 = 253_402_300_799_999

    /// The first fault found, in the order of the table's columns; nil: the row can be mailed.
    package static func fault(in row: RowValues) -> RowFault? {
        faultOfIDs(row) ?? faultOfAudience(row.audience) ?? faultOfNames(row)
            ?? faultOfLinks(row) ?? row.notBefore.flatMap { faultOfTime("not_before", $0) }
            ?? faultOfTime("created_at", row.createdAt)
    }

    private static func faultOfIDs(_ row: RowValues) -> RowFault? {
        faultOfID("helpdesk_id", row.helpdeskID)
            ?? faultOfID("conversation_id", row.conversationID)
            ?? faultOfID("message_id", row.messageID)
    }

    private static func faultOfNames(_ row: RowValues) -> RowFault? {
        faultOfLine("recipient_name", row.recipientName)
            ?? faultOfLine("author_name", row.authorName)
            ?? faultOfLine("subject", row.subject)
    }

    private static func faultOfLinks(_ row: RowValues) -> RowFault? {
        faultOfLine("page_url", row.pageURL)
            ?? faultOfLine("unsubscribe_url", row.unsubscribeURL)
            ?? faultOfLine("in_reply_to", row.inReplyTo)
            ?? faultOfLine("locale", row.locale)
    }

    private static func faultOfID(_ column: String, _ id: String) -> RowFault? {
        if isBlank(id) { return RowFault(column: column, sentence: "is empty") }
        return faultOfLength(column, id, limit: longestID)
    }

    /// Nearly every id begins with an ASCII letter or digit, which takes no look into the Unicode tables.
    private static func isBlank(_ id: String) -> Bool {
        if let first = id.utf8.first, first > 0x20, first < 0x7F { return false }
        return id.allSatisfy(\.isWhitespace)
    }

    private static func faultOfAudience(_ audience: String) -> RowFault? {
        if audience == "visitor" || audience == "operator" { return nil }
        return RowFault(column: "audience", sentence: "is neither visitor nor operator")
    }

    private static func faultOfLine(_ column: String, _ text: String?) -> RowFault? {
        faultOfLength(column, text, limit: longestLine)
    }

    private static func faultOfLength(
        _ column: String, _ text: String?, limit: Int
    ) -> RowFault? {
        guard let text else { return nil }
        // A scalar takes at most four octets, whose number is known without a look at the text.
        let octets = text.utf8.count
        guard octets > limit, octets > 4 * limit || text.unicodeScalars.count > limit else {
            return nil
        }
        return RowFault(column: column, sentence: "has more than \(limit) characters")
    }

    private static func faultOfTime(_ column: String, _ milliseconds: Int64) -> RowFault? {
        let problem: String
        switch milliseconds {
        case ...0: problem = "is not after 1970"
        case ..<earliest: problem = "looks like seconds"
        case (latest + 1)...: problem = "lies after the year 9999"
        default: return nil
        }
        return RowFault(
            column: column,
            sentence: "\(problem) (\(milliseconds)): milliseconds since the Unix epoch are expected"
        )
    }
}
