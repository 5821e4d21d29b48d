internal import Delivery

/// Fills `{conversation}` in what a helpdesk's row holds (Contract.md).
package enum ConversationPlaceholder {
    /// In a link: the id is percent-encoded as one component of a path.
    ///
    /// nil if the result is no usable link.
    package static func url(
        _ template: String, conversation: String, toASCII: DomainToASCII = { _ in nil }
    ) -> WebURL? {
        WebURL(link(ConversationTemplate(template), conversation: conversation), toASCII: toASCII)
    }

    /// The same, unchecked.
    package static func link(_ template: ConversationTemplate, conversation: String) -> String {
        guard template.hasPlace, !conversation.utf8.allSatisfy(PercentCoding.isUnreserved) else {
            return template.filled(with: conversation)
        }
        let encoded = PercentCoding.encode(conversation.utf8)
        return template.filled(with: String(decoding: encoded, as: UTF8.self))
    }

    /// In an address such as `reply+{conversation}@example.org`.
    ///
    /// nil if the result is no valid address, or where the id is made of more than the
    /// characters of a dot-string, so that no id can bring along a quote or a domain of its own.
    package static func address(
        _ template: ConversationTemplate, conversation: String
    ) -> EmailAddress? {
        let atext = ASCIISet.atext
        let mayFill =
            !template.hasPlace
            || conversation.utf8.allSatisfy { atext.contains($0) || $0 == 0x2E }
        return mayFill ? try? EmailAddress(template.filled(with: conversation)) : nil
    }

    package static func address(_ template: String, conversation: String) -> EmailAddress? {
        address(ConversationTemplate(template), conversation: conversation)
    }
}
