internal import Delivery

/// What all mails of one helpdesk, audience and language share: worked out and encoded once.
package final class Letterhead {
    let words: HelpdeskWords
    let header: HeaderLetterhead
    let text: TextLetterhead
    let html: HTMLLetterhead

    // What else it was made of.
    private let from: Mailbox
    private let replyTo: EmailAddress?
    private let helpdeskID: String
    private let helpdeskName: String?
    private let brand: Brand
    private let allowedDomains: AllowedDomains

    init(
        _ content: borrowing MailContent, _ language: Language, toASCII: @escaping DomainToASCII
    ) {
        words = HelpdeskWords(content, language, toASCII: toASCII)
        header = HeaderLetterhead(content, words)
        text = TextLetterhead(words)
        html = HTMLLetterhead(words, toASCII: toASCII)
        from = content.from
        replyTo = content.replyTo
        helpdeskID = content.helpdeskID
        helpdeskName = content.helpdeskName
        brand = content.brand
        allowedDomains = content.allowedDomains
    }

    package convenience init(
        _ content: borrowing MailContent, toASCII: @escaping DomainToASCII
    ) {
        self.init(content, LanguageLookup.language(content.locales), toASCII: toASCII)
    }

    /// Whether one made of this content would be the same.
    func isOf(_ content: borrowing MailContent, _ language: Language) -> Bool {
        words.language === language && words.audience == content.audience
            && helpdeskID.hasOctets(of: content.helpdeskID)
            && helpdeskName.hasOctets(of: content.helpdeskName)
            && from.name.hasOctets(of: content.from.name)
            && from.address.description.hasOctets(of: content.from.address.description)
            && EmailAddress.haveSameDomain(replyTo, content.replyTo)
            && brand.color.hasOctets(of: content.brand.color)
            && brand.logoURL.hasOctets(of: content.brand.logoURL)
            && brand.footer.hasOctets(of: content.brand.footer)
            && allowedDomains == content.allowedDomains
    }
}
