/// The looks of the HTML part.
///
/// What matters stands with each element, since some clients drop the style sheet; there stand the dark colours,
/// what else only newer clients know, and what a mail looks all right without: with each element it would stand a
/// hundred times. Every pair of text and background has a contrast of 4.5 and more in both schemes (WCAG 2.2, 1.4.3).
enum HTMLStyle {
    static let head = """
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <style>
        :root{color-scheme:light dark}
        p,pre{margin:0 0 16px}
        p,.l{white-space:pre-wrap}
        p,pre,.l,h1,ul{overflow:hidden}
        li{overflow-y:clip}
        .s{margin:24px 0}
        @media (prefers-color-scheme:dark){
        body,.b{background-color:#121417!important;color:#e8eaed!important}
        .m{color:#a6adb7!important}
        .b a:not(.c),.m a{color:#8ab4f8!important}
        pre{background-color:#22262b!important}
        .f,.s{border-color:#3c4148!important}
        }
        </style>
        \(ofWord)

        """

    /// Outlook for Windows pads cells alone (<https://www.caniemail.com/features/css-padding/>): there an entry would hang
    /// out of the column, and a bullet have no room.
    private static let ofWord =
        "<!--[if mso]><style>.l{text-indent:0!important}ul{margin:0 20px 16px!important}</style><![endif]-->"

    static let body =
        "margin:0;padding:0;background-color:#ffffff;color:#1d2126;-webkit-text-size-adjust:100%"

    /// A table is else as wide as the longest of what can't be broken, such as emoji that are joined: then all of the mail
    /// would be.
    static let page = "width:100%;table-layout:fixed"

    /// `start` is the side where lines begin.
    static func column(start: String) -> String {
        "max-width:600px;margin:0 auto;text-align:\(start);text-align:start;background-color:#ffffff;color:#1d2126;"
            + "font:16px/1.5 -apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
            + "\(breaks);word-break:break-word;overflow:hidden"
    }

    /// The older name is the one that Yahoo and AOL know (<https://www.caniemail.com/features/css-overflow-wrap/>).
    private static let breaks = "word-wrap:break-word;overflow-wrap:anywhere"

    /// The starts of a list's entries, by how many spaces they are indented: what does not fit its line hangs behind its
    /// mark, which stands behind these.
    ///
    /// - Parameter mark: How wide it is with the space behind it, in hundredths of an em; 0 for a line that goes on.
    /// - Parameter side: Where lines begin. Most clients drop `padding-inline-start` and keep the indent, which would cut
    ///   the marks off (<https://www.caniemail.com/features/css-padding-inline-start-end/>).
    static func entries(side: String, mark: Int) -> [String] {
        (0...12).map { spaces in
            let hang = ems(hundredths: mark + 27 * spaces)
            return "<div class=\"l\" style=\"padding-\(side):\(hang);text-indent:-\(hang)"
        }
    }

    /// The start of a list of attachments.
    static func files(side: String) -> String {
        "<ul style=\"margin:0 0 16px;padding:0;padding-\(side):20px\">\n"
    }

    /// `1.2em`.
    private static func ems(hundredths: Int) -> String {
        let (ones, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        let digits = rest < 10 ? "0\(rest)" : "\(rest)"
        return "\(ones).\(digits.hasSuffix("0") ? digits.dropLast() : digits[...])em"
    }

    /// The start of a quiet paragraph.
    static let quiet = "<p class=\"m\" style=\"font-size:14px;color:#59616b\">"
    private static let oneWidth =
        "font:14px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace"
    static let code =
        "margin:0 0 16px;padding:12px;background-color:#f2f4f6;border-radius:6px;"
        + "\(oneWidth);white-space:pre-wrap;\(breaks)"
    /// Of lines in which white space stands for more than a space.
    static let columns = "white-space:pre-wrap"
    /// Of several of them.
    static let table = "\(oneWidth);\(columns)"
    static let rule = "border:0;border-top:1px solid #d5dae0"
    static let footer =
        "margin-top:24px;padding-top:16px;border-top:1px solid #d5dae0;font-size:13px;color:#59616b"
    static let brand = "margin:0 0 4px;font-size:14px;font-weight:600"
    static let link = "color:#1f5fbf"
    /// Behind the address of one.
    static let linkEnd = "\" style=\"\(link)\">"

    /// A border between a button and a page that it would vanish on: seen on both of them.
    static let buttonBorder = ";border:1px solid #767d86"

    private static let buttonPadding = "11px 20px"
    /// Of the button's cell, for Outlook for Windows: others don't know the name.
    static let buttonOfWord = "mso-padding-alt:\(buttonPadding)"
    static let button =
        "display:inline-block;padding:\(buttonPadding);border-radius:6px;font-weight:600;text-decoration:none"
}
