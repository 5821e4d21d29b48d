internal import Delivery

/// The id that all mails of one conversation refer to, so that clients show them as one thread, whatever order they come
/// in and even where a relay replaces Message-IDs.
///
/// No mail has it.
struct ConversationAnchor {
    /// As it stands in a header, in angle brackets.
    let octets: [UInt8]

    /// - Parameter domain: one that may stand in a ``MessageID``.
    init(helpdesk: String, conversation: String, domain: String) {
        var hash = FNV1a128()
        hash.combine(helpdesk)
        hash.combine(conversation)
        let digits = hash.hex
        var octets: [UInt8] = []
        octets.reserveCapacity(domain.utf8.count + 50)
        octets.append(text: "<conversation.")
        octets.append(digits.span, digits.indices)
        octets.append(0x40)
        octets.append(text: domain)
        octets.append(0x3E)
        self.octets = octets
    }
}
