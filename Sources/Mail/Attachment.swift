/// A file that belongs to a reply: mails link it and never carry it.
package struct Attachment: Hashable, Sendable {
    /// What ``AttachmentName`` shows, never empty; nil if it shows none.
    package let name: String?
    /// nil if there was no usable link: then the name alone is listed.
    package let url: WebURL?
    /// There was something in its place that is no usable link.
    let lacksURL: Bool
    /// Bytes; nil if it is not known.
    package let size: Int64?

    /// Links to a store of objects hold a signature.
    static let maximumURLLength = 4_000

    package init(
        name: String?, url: String?, size: Int64?, toASCII: DomainToASCII = { _ in nil }
    ) {
        let link = url.flatMap { WebURL($0, limit: Self.maximumURLLength, toASCII: toASCII) }
        self.name = AttachmentName.shown(name, url: link)
        self.url = link
        lacksURL = url != nil && link == nil
        self.size = size.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// What it takes in a text part, with a mark, its size and the end of the line.
    var octets: Int { (name?.utf8.count ?? 30) + (url?.description.utf8.count ?? 0) + 20 }
}
