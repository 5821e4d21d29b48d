/// The Allowed Embed Domains of a helpdesk: which pages its mails may link (Contract.md).
///
/// A domain covers its subdomains; an empty list permits nothing.
package struct AllowedDomains: Hashable, Sendable {
    package static let none = AllowedDomains(commaSeparated: "")

    /// Lower-cased, without dots at either end.
    let domains: [String]

    /// The entries that permit nothing, as they were written.
    package let unusable: [String]

    /// `*.` or a dot before a domain, a dot or a port behind it and capitals change nothing; what is no host name
    /// is ``unusable``, which permits less, never more.
    ///
    /// - Parameter toASCII: Without it an international domain permits nothing.
    package init(commaSeparated text: String, toASCII: DomainToASCII = { _ in nil }) {
        var domains: [String] = []
        var unusable: [String] = []
        for part in text.split(separator: ",") {
            let entry = OneLine.trim(String(part))
            if let domain = Self.domain(entry, toASCII) {
                domains.append(domain)
            } else if !entry.isEmpty {
                unusable.append(entry)
            }
        }
        self.domains = domains
        self.unusable = unusable
    }

    private static func domain(_ entry: String, _ toASCII: DomainToASCII) -> String? {
        var domain = entry.lowercased()
        if domain.hasPrefix("*.") {
            domain.removeFirst(2)
        } else if domain.hasPrefix(".") {
            domain.removeFirst()
        }
        guard domain.utf8.allSatisfy({ $0 >= 0x80 || allowed.contains($0) }) else { return nil }
        // The check of a link's host serves for the entry: `host` drops a port and a last dot.
        return WebURL("https://" + domain, toASCII: toASCII)?.host
    }

    private static let allowed = ASCIISet.hostLabel.union("._:")

    /// False for what is no link at all.
    package func permits(_ url: String) -> Bool {
        guard !domains.isEmpty, let url = WebURL(url) else { return false }
        return permits(url)
    }

    package func permits(_ url: WebURL) -> Bool {
        let host = url.host
        return domains.contains { Self.covers($0, host) }
    }

    private static func covers(_ domain: String, _ host: String) -> Bool {
        let (host, domain) = (host.utf8, domain.utf8)
        guard host.count > domain.count else { return host.elementsEqual(domain) }
        let start = host.count - domain.count
        return host.dropFirst(start).elementsEqual(domain)
            && host.dropFirst(start - 1).first == 0x2E
    }
}
