/// What the HTML parts of a helpdesk's mails share, within their language's ``HTMLFrame``.
struct HTMLLetterhead: Sendable {
    /// Up to the link to the conversation, which stands in its last line.
    let button: Boilerplate
    /// From the line behind the link's on.
    let buttonEnd: Boilerplate
    let howToReply: Boilerplate
    /// Up to the end of its last line, which a mail's own link may follow.
    let footer: Boilerplate

    /// - Parameter toASCII: For the links in its footer.
    init(_ words: HelpdeskWords, toASCII: @escaping DomainToASCII) {
        let color = words.color
        let border = color.vanishes ? HTMLStyle.buttonBorder : ""
        button = Boilerplate(
            """
            <table role="presentation" cellpadding="0" cellspacing="0" border="0"
             style="margin:24px 0 16px"><tr><td bgcolor="\(color.background)" \
            style="border-radius:6px;\(HTMLStyle.buttonOfWord)\(border)"><a class="c" href="
            """)
        buttonEnd = Boilerplate(
            """
             style="\(HTMLStyle.button);background-color:\(color.background);color:\(color.text)">\
            \(Self.escaped(words.linkText))</a></td></tr></table>

            """)
        howToReply = Boilerplate(
            "\(HTMLStyle.quiet)\(Self.escaped(words.language.phrases.howToReply))</p>\n")
        let lines = Self.footerLines(words, toASCII)
        footer = Boilerplate(
            """
            <div class="m f" style="\(HTMLStyle.footer)">
            <h1 style="\(HTMLStyle.brand)">\(Self.brand(words))</h1>
            <p style="margin:0">\(Self.reason(words))\(lines)
            """)
    }

    /// The mail's heading: it comes last, so that no list of mails shows it in place of the words.
    private static func brand(_ words: HelpdeskWords) -> String {
        let name = words.brand ?? words.language.phrases.support
        guard let logo = words.logo else {
            return html { $0.append(isolated: name, within: words.language) }
        }
        return """
            <img src="\(escaped(logo.description))" alt="\(escaped(name))" class="g" height="\(LogoStyle.height)"
             style="\(LogoStyle.image)">
            """
    }

    private static func reason(_ words: HelpdeskWords) -> String {
        guard let brand = words.brand else { return escaped(words.reason) }
        let phrase = words.reasonWithBrand
        return html {
            $0.append(escaping: phrase.before)
            $0.append(isolated: brand, within: words.language)
            $0.append(escaping: phrase.rest(behindStop: brand.utf8.last == 0x2E))
        }
    }

    /// With links as in texts: whoever runs the helpdesk wrote them.
    private static func footerLines(
        _ words: HelpdeskWords, _ toASCII: @escaping DomainToASCII
    ) -> String {
        var bytes: [UInt8] = []
        var hosts = InternationalHosts(toASCII)
        for line in words.footer {
            let text = Array(line.utf8)
            bytes.append(text: "<br>")
            bytes.append(isolating: TextDirection(line), within: words.language) {
                $0.append(
                    linking: text, text.indices, isTurned: words.language.phrases.isRightToLeft,
                    hosts: &hosts)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escaped(_ text: String) -> String { html { $0.append(escaping: text) } }

    private static func html(_ write: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        write(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
