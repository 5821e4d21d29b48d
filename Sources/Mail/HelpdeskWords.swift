/// What the mails of one helpdesk, audience and language say of it, cleaned, bounded and checked.
struct HelpdeskWords: Sendable {
    let audience: Audience
    let language: Language
    /// The helpdesk's name.
    let brand: String?
    let color: BrandColor
    let logo: WebURL?
    let footer: [String]
    let ownDomains: OwnDomains

    init(_ content: borrowing MailContent, _ language: Language, toASCII: DomainToASCII) {
        self.language = language
        audience = content.audience
        brand = PersonName.clean(content.helpdeskName) ?? content.from.name
        color = content.brand.usableColor ?? .standard
        logo = content.brand.usableLogo(content.allowedDomains, toASCII)
        footer = content.brand.footerLines
        ownDomains = OwnDomains(content)
    }

    private var phrases: Phrases { language.phrases }

    /// Why the reader gets this.
    var reason: String {
        brand.map(reasonWithBrand.filled)
            ?? (audience == .visitor
                ? phrases.reasonWithoutBrand : phrases.operatorReasonWithoutBrand)
    }

    var reasonWithBrand: Template {
        audience == .visitor ? phrases.reason : phrases.operatorReason
    }

    /// What the button says.
    var linkText: String {
        audience == .visitor ? phrases.openConversation : phrases.openDashboard
    }
}
