/// What a row of `outbox` shows in its mail: names, texts, links; read to compose it.
///
/// Of each no more is here than ``OutboxLimits`` allows.
package struct RowTexts: Sendable {
    package var recipientName: String?
    package var authorName: String?
    package var subject: String?
    package var bodyText = ""
    /// There is more of ``bodyText`` than was read, since the other rows of its mail took the room.
    package var isBodyCut = false
    package var attachments: String?
    package var pageURL: String?
    package var unsubscribeURL: String?
    package var inReplyTo: String?
    package var locale: String?
    /// W3C Trace Context, as it stands there: not checked.
    package var traceparent: String?

    /// What they take in memory.
    var octets: Int {
        // Summed up one by one: asked for every row, and an array of them would have to be made.
        var sum = bodyText.utf8.count
        sum += (recipientName?.utf8.count ?? 0) + (authorName?.utf8.count ?? 0)
        sum += (subject?.utf8.count ?? 0) + (attachments?.utf8.count ?? 0)
        sum += (pageURL?.utf8.count ?? 0) + (unsubscribeURL?.utf8.count ?? 0)
        sum += (inReplyTo?.utf8.count ?? 0) + (locale?.utf8.count ?? 0)
        sum += traceparent?.utf8.count ?? 0
        return sum
    }

    /// Cuts the reply and the list of attachments to these octets.
    mutating func cut(bodies: Int, attachments room: Int) {
        if bodyText.utf8.count > bodies {
            bodyText = Self.prefix(of: bodyText, bodies)
            isBodyCut = true
        }
        // A list that is cut is no list: the mail then says that there are attachments.
        if let list = attachments, list.utf8.count > room {
            attachments = Self.prefix(of: list, max(1, room))
        }
    }

    /// Whole characters.
    private static func prefix(of text: String, _ octets: Int) -> String {
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: max(0, octets))
        while String.Index(end, within: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }
}
