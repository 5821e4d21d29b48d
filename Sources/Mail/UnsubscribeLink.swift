/// What the column `unsubscribe_url` holds: a link that every mail shows, and that the header has where it can.
package struct UnsubscribeLink {
    /// The most octets of a link in List-Unsubscribe: it can't be folded, and a line of a header
    /// ends at 998.
    static let maximumHeaderLength = 900

    let url: WebURL

    /// nil for what is no link.
    init?(_ text: String, toASCII: DomainToASCII) {
        guard let url = WebURL(text, toASCII: toASCII) else { return nil }
        self.url = url
    }

    /// RFC 2369, section 3.2, and RFC 8058, section 3.1, which takes https alone.
    var mayStandInHeader: Bool { url.isHTTPS && isShort }

    private var isShort: Bool { url.description.utf8.count <= Self.maximumHeaderLength }

    /// What the mail goes out without; nil: nothing.
    package static func fault(_ text: String, toASCII: DomainToASCII) -> String? {
        guard let link = UnsubscribeLink(text, toASCII: toASCII) else {
            let isLong = WebURL(text, limit: 100_000, toASCII: toASCII) != nil
            return isLong
                ? "unsubscribe_url has more than \(WebURL.maximumLength) octets, mails go without it"
                : "unsubscribe_url is no http or https link, mails go without it"
        }
        let header = "mails show it and go without List-Unsubscribe"
        if !link.url.isHTTPS { return "unsubscribe_url is no https link, \(header)" }
        if link.isShort { return nil }
        return "unsubscribe_url has more than \(maximumHeaderLength) octets, \(header)"
    }
}
