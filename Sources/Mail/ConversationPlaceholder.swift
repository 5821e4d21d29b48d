internal import Delivery

/// Fills `{conversation}` in what a helpdesk's row holds (Contract.md).
package enum ConversationPlaceholder {
    static let text = "{conversation}"

    /// In a link: the id is percent-encoded as one component of a path.
    ///
    /// nil if the result is no usable link.
    package static func url(
        _ template: String, conversation: String, toASCII: DomainToASCII = { _ in nil }
    ) -> WebURL? {
        guard template.contains(text) else { return WebURL(template, toASCII: toASCII) }
        return WebURL(
            fill(
                template,
                with: String(decoding: PercentCoding.encode(conversation.utf8), as: UTF8.self)),
            toASCII: toASCII)
    }

    /// In an address such as `reply+{conversation}@example.org`.
    ///
    /// nil if the result is no valid address, or where the id is made of more than the
    /// characters of a dot-string, so that no id can bring along a quote or a domain of its own.
    package static func address(_ template: String, conversation: String) -> EmailAddress? {
        guard template.contains(text) else { return valid(template) }
        let atext = ASCIISet.atext
        guard conversation.utf8.allSatisfy({ atext.contains($0) || $0 == 0x2E }) else { return nil }
        return valid(fill(template, with: conversation))
    }

    private static func valid(_ text: String) -> EmailAddress? {
        try? EmailAddress(text)
    }

    private static func fill(_ template: String, with value: String) -> String {
        template.split(separator: text, omittingEmptySubsequences: false).joined(separator: value)
    }
}
