/// What stands around every mail of one language: made once, in quoted-printable as well, since it is half of
/// a usual mail.
struct HTMLFrame: Sendable {
    /// Up to the title.
    let start: [UInt8]
    /// From the title to the first reply.
    let opening: [UInt8]
    /// The same two as they go over the wire; each begins and ends with a line.
    let encodedStart: [UInt8]
    let encodedOpening: [UInt8]

    /// Outlook for Windows knows no `max-width`: there a table is as wide as the column.
    static let end = """
        </div>
        <!--[if mso]></td></tr></table><![endif]-->
        </td></tr></table>
        </body>
        </html>

        """

    init(_ phrases: Phrases) {
        let direction = phrases.isRightToLeft ? "rtl" : "ltr"
        let column = HTMLStyle.column(start: phrases.isRightToLeft ? "right" : "left")
        start = Array(
            """
            <!DOCTYPE html>
            <html lang="\(phrases.tag)" dir="\(direction)">
            <head>
            <meta charset="utf-8">

            """.utf8)
        opening = Array(
            """
            \(HTMLStyle.head)</head>
            <body style="\(HTMLStyle.body)">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
            <td align="center" style="padding:24px 16px">
            <!--[if mso]><table role="presentation" width="600"><tr><td><![endif]-->
            <div role="main" class="b" lang="\(phrases.tag)" dir="\(direction)"
             style="\(column)">

            """.utf8)
        encodedStart = Self.encoded(start)
        encodedOpening = Self.encoded(opening)
    }

    private static func encoded(_ text: [UInt8]) -> [UInt8] {
        var encoded: [UInt8] = []
        QuotedPrintable.append(text, to: &encoded)
        return encoded
    }
}
