package import Delivery

/// One reply, as its row holds it: nothing here needs to be valid, composing takes care of it.
package struct Reply: Hashable, Sendable {
    package var authorName: String?
    package var createdAt: WallTime
    package var text: String
    /// There is more of it than ``text`` holds.
    package var isCut: Bool
    package var attachments: AttachmentList
    /// Shown only where ``MailContent/allowedDomains`` permits it.
    package var pageURL: String?

    package init(
        authorName: String? = nil, createdAt: WallTime, text: String, isCut: Bool = false,
        attachments: AttachmentList = .empty, pageURL: String? = nil
    ) {
        self.authorName = authorName
        self.createdAt = createdAt
        self.text = text
        self.isCut = isCut
        self.attachments = attachments
        self.pageURL = pageURL
    }
}
