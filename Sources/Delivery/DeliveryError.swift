/// Why a delivery, or the way to the relay, came to nothing: where, what the relay said, and a
/// sentence.
///
/// Stored with the row and shown as `last_error`.
package struct DeliveryError: Error, Hashable, Sendable {
    package var stage: Stage
    /// The reply code; nil if there was no reply (refused, timed out, closed).
    package var code: Int?
    package var enhanced: EnhancedStatusCode?
    /// The relay's words, or outboxd's where the relay said nothing.
    ///
    /// One line.
    package var text: String

    package init(
        stage: Stage, code: Int? = nil, enhanced: EnhancedStatusCode? = nil, text: String
    ) {
        self.stage = stage
        self.code = code
        self.enhanced = enhanced
        self.text = text
    }

    package init(stage: Stage, reply: SMTPReply) {
        self.init(stage: stage, code: reply.code, enhanced: reply.enhanced, text: reply.text)
    }
}
