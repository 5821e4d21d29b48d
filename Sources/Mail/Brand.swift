/// How a helpdesk looks and what it adds, worked out once for all of its mails: each is left out where it can't be used.
package struct Brand: Hashable, Sendable {
    /// `#rrggbb`.
    package let color: String?
    /// Shown only where ``MailContent/allowedDomains`` permits it, over https.
    package let logoURL: String?
    /// A line or two of plain text.
    package let footer: String?

    /// nil if no colour is set, or what is set is not `#rrggbb`.
    let usableColor: BrandColor?
    /// At most four lines of the footer.
    let footerLines: [String]

    package init(color: String? = nil, logoURL: String? = nil, footer: String? = nil) {
        self.color = color
        self.logoURL = logoURL
        self.footer = footer
        usableColor = color.flatMap { BrandColor(OneLine.trim($0)) }
        footerLines = Self.lines(of: footer)
    }

    package static let none = Brand()

    /// The most characters of a footer.
    static let maximumFooterLength = 300
    private static let maximumFooterLines = 4

    func usableLogo(_ allowed: AllowedDomains, _ toASCII: DomainToASCII) -> WebURL? {
        guard let url = logoURL.flatMap({ WebURL($0, toASCII: toASCII) }), url.isHTTPS,
            allowed.permits(url)
        else {
            return nil
        }
        return url
    }

    private static func isGiven(_ text: String) -> Bool { !OneLine.trim(text).isEmpty }

    private static func lines(of footer: String?) -> [String] {
        guard let footer else { return [] }
        let lines = footer.prefix(maximumFooterLength * 4).split(whereSeparator: \.isNewline)
            .map { OneLine.clean(String($0), limit: maximumFooterLength) }
        return Array(lines.filter { !$0.isEmpty }.prefix(maximumFooterLines))
    }

    /// There is more of the footer than mails show.
    private var isFooterCut: Bool {
        guard let footer else { return false }
        let lines = footer.split(whereSeparator: \.isNewline)
            .map { OneLine.clean(String($0), limit: Self.maximumFooterLength + 1) }
            .filter { !$0.isEmpty }
        return lines != footerLines
    }

    /// What the mail goes out without, one sentence each.
    package func faults(
        _ allowed: AllowedDomains, toASCII: DomainToASCII = { _ in nil }
    ) -> [String] {
        var faults: [String] = []
        if let color, Self.isGiven(color), usableColor == nil {
            faults.append(
                "brand_color \"\(OneLine.clean(color, limit: 40))\" is no colour (#rrggbb), mails go without it"
            )
        }
        if let logoURL, Self.isGiven(logoURL), usableLogo(allowed, toASCII) == nil {
            let isLong = OneLine.trim(logoURL).utf8.count > WebURL.maximumLength
            faults.append(
                isLong
                    ? "logo_url has more than \(WebURL.maximumLength) octets, mails go without it"
                    : "logo_url is no https link to one of allowed_domains, mails go without it")
        }
        if isFooterCut {
            faults.append(
                "footer_text has more than \(Self.maximumFooterLines) lines or \(Self.maximumFooterLength) characters in a line, mails show its beginning"
            )
        }
        return faults
    }
}
