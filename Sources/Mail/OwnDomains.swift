/// The domains in whose name a helpdesk's mails speak: those of its addresses, and its allowed domains.
struct OwnDomains: Sendable {
    static let none = OwnDomains([])

    /// Lower-cased, with a dot at both ends.
    private let domains: Set<String>

    init(_ domains: [String]) {
        self.domains = Set(domains.filter { $0.contains(".") }.map { ".\($0.lowercased())." })
    }

    init(_ content: borrowing MailContent) {
        let addresses = [content.from.address, content.replyTo].compactMap { $0?.domain }
        self.init(addresses + content.allowedDomains.domains)
    }

    /// One of them, or of their subdomains, whatever its case.
    func hold(_ labels: [Substring]) -> Bool {
        guard !domains.isEmpty else { return false }
        let host = ".\(labels.joined(separator: ".").lowercased())."
        return domains.contains { host.contains($0) }
    }
}
