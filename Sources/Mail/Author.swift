/// Who wrote a reply, as the mail names them.
struct Author {
    /// Never empty.
    let name: String
    /// What marks a visitor's name, with the place for it.
    let mark: Template?
    /// It is a name of the author's own.
    let isNamed: Bool

    /// - Parameter ownDomains: What no visitor is called.
    init(
        _ written: String?, of audience: Audience, brand: String?, _ ownDomains: OwnDomains,
        _ language: Language
    ) {
        switch audience {
        case .visitor:
            let own = PersonName.clean(written)
            name = own ?? brand ?? language.phrases.support
            mark = nil
            isNamed = own != nil
        case .operator:
            // Visitors choose their names: none passes for the helpdesk's own.
            let own = PersonName.visitor(written, ownDomains)
            name = own ?? language.phrases.visitor
            mark = own == nil ? nil : language.phrases.namedVisitor
            isNamed = own != nil
        }
    }

    /// As it stands in a text.
    var text: String { mark?.filled(name) ?? name }

    /// The name beside the helpdesk's address: the author with the brand, the brand alone where several wrote.
    ///
    /// - Parameter brand: nil: the author alone, if there is one.
    static func from(
        _ names: some Sequence<String?>, of audience: Audience, brand: String?, _ own: OwnDomains,
        _ language: Language
    ) -> String? {
        var first: Author?
        for name in names {
            // A name that looks like an address would stand beside the real one, so it is left out here. Names are
            // cut before a visitor's is marked, so that no length costs the mark.
            let short = PersonName.visitor(name, own)
                .map { OneLine.clean($0, limit: mostOfEach) }
            let author = Author(short, of: audience, brand: brand, own, language)
            if let first, author.text != first.text { return brand }
            first = first ?? author
        }
        guard let first, first.isNamed || audience == .operator else { return brand }
        guard let brand, !holds(first.text, brand: brand) else { return first.text }
        let short = OneLine.clean(brand, limit: mostOfEach)
        return audience == .visitor
            ? "\(first.text) (\(short))" : first.text + language.phrases.comma + short
    }

    /// `Acme` and `Olga (Acme)` name the brand themselves.
    private static func holds(_ author: String, brand: String) -> Bool {
        let mayName = author.utf8.count == brand.utf8.count || author.utf8.last == 0x29
        guard mayName else { return false }
        let (brand, author) = (brand.lowercased(), author.lowercased())
        return author == brand || author.hasSuffix("(\(brand))")
    }

    /// Characters, so that both fit ``Mailbox/maximumNameLength``.
    private static let mostOfEach = 40
}
