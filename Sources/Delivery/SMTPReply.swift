/// A complete, well-formed reply of the relay (RFC 5321, section 4.2), already bounded and cleaned:
/// `text` holds no control characters and no line breaks, and at most 1,000 characters.
package struct SMTPReply: Hashable, Sendable {
    /// 200 to 599.
    package var code: Int
    package var enhanced: EnhancedStatusCode?
    /// The lines after their codes, joined by a space.
    ///
    /// Attacker-controlled: bind it, escape it.
    package var text: String

    package init(code: Int, enhanced: EnhancedStatusCode? = nil, text: String = "") {
        self.code = code
        self.enhanced = enhanced
        self.text = text
    }

    package var isPositive: Bool { code / 100 == 2 }
    package var isPermanent: Bool { code / 100 == 5 }
}
