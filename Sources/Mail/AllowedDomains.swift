/// The Allowed Embed Domains of a helpdesk: which pages its mails may link (Contract.md).
///
/// A domain covers its subdomains; an empty list permits nothing.
package struct AllowedDomains: Hashable, Sendable {
    package static let none = AllowedDomains(commaSeparated: "")

    /// Lower-cased, without dots at either end.
    private let domains: [String]

    /// `*.` before a domain changes nothing; what is no host name is passed over, which permits
    /// less, never more.
    ///
    /// `toASCII` turns an international domain into its A-labels, as page URLs have it; without it
    /// such an entry permits nothing.
    package init(commaSeparated text: String, toASCII: (String) -> String? = { $0 }) {
        domains = text.split(separator: ",").compactMap { entry in
            var domain = OneLine.trim(String(entry)).lowercased()
            if domain.hasPrefix("*.") { domain.removeFirst(2) }
            if !domain.utf8.allSatisfy({ $0 < 0x80 }) { domain = toASCII(domain) ?? "" }
            guard domain.utf8.allSatisfy({ Self.allowed.contains($0) }) else { return nil }
            // The check of a link's host serves for the entry: `host` drops a port and a last dot.
            return WebURL("https://" + domain)?.host
        }
    }

    private static let allowed = ASCIISet.hostLabel.union("._:")

    /// False for what is no link at all.
    package func permits(_ url: String) -> Bool {
        guard !domains.isEmpty, let url = WebURL(url) else { return false }
        return permits(url)
    }

    package func permits(_ url: WebURL) -> Bool {
        domains.contains { url.host == $0 || url.host.hasSuffix("." + $0) }
    }
}
