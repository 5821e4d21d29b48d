/// The letterheads of the mails that were composed before, for those that follow: few helpdesks write most mails.
package final class LetterheadBook {
    private let toASCII: DomainToASCII
    /// By the helpdesks' ids.
    private var known: [String: [Letterhead]] = [:]
    /// The one that was asked for last: mails of the same helpdesk come together.
    private var last: Letterhead?
    private var count = 0
    /// Some kilobytes each.
    private static let most = 500

    /// - Parameter toASCII: For the links in them.
    package init(toASCII: @escaping DomainToASCII) { self.toASCII = toASCII }

    package func letterhead(of content: borrowing MailContent) -> Letterhead {
        let language = LanguageLookup.language(content.locales)
        if let last, last.isOf(content, language) { return last }
        let ofHelpdesk = known[content.helpdeskID] ?? []
        for letterhead in ofHelpdesk where letterhead.isOf(content, language) {
            last = letterhead
            return letterhead
        }
        return add(Letterhead(content, language, toASCII: toASCII), of: content.helpdeskID)
    }

    private func add(_ letterhead: Letterhead, of helpdesk: String) -> Letterhead {
        if count >= Self.most {
            known.removeAll()
            count = 0
        }
        known[helpdesk, default: []].append(letterhead)
        count += 1
        last = letterhead
        return letterhead
    }
}
