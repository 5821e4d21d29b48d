/// What stands around every mail of one language: half of a usual one.
struct HTMLFrame: Sendable {
    /// Up to the title.
    let start: Boilerplate
    /// From the title to the first reply.
    let opening: Boilerplate

    /// Outlook for Windows knows no `max-width`: there a table is as wide as the column.
    static let end = Boilerplate(
        """
        </div>
        </div>
        <!--[if mso]></td></tr></table><![endif]-->
        </td></tr></table>
        </body>
        </html>

        """)

    init(_ phrases: Phrases) {
        let direction = phrases.isRightToLeft ? "rtl" : "ltr"
        let column = HTMLStyle.column(start: phrases.isRightToLeft ? "right" : "left")
        start = Boilerplate(
            """
            <!DOCTYPE html>
            <html lang="\(phrases.tag)" dir="\(direction)">
            <head>
            <meta charset="utf-8">

            """)
        opening = Boilerplate(
            """
            \(HTMLStyle.head)</head>
            <body style="\(HTMLStyle.body)">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"
             style="\(HTMLStyle.page)"><tr>
            <td align="center" style="padding:24px 16px">
            <!--[if mso]><table role="presentation" width="600"><tr><td><![endif]-->
            <div role="main" class="b" lang="\(phrases.tag)" dir="\(direction)"
             style="\(column)">

            """)
    }

    /// Octets, as they are.
    var length: Int { start.size.total + opening.size.total }
}
