/// A mail whose final dot was announced: the very bytes, so that a second copy is the same mail.
package struct FrozenMail: Hashable, Sendable {
    package var envelopeSender: String
    package var envelopeRecipient: String
    package var needsSMTPUTF8: Bool
    /// Lines end in CRLF; not dot-stuffed.
    package var message: [UInt8]

    package init(
        envelopeSender: String, envelopeRecipient: String, needsSMTPUTF8: Bool, message: [UInt8]
    ) {
        self.envelopeSender = envelopeSender
        self.envelopeRecipient = envelopeRecipient
        self.needsSMTPUTF8 = needsSMTPUTF8
        self.message = message
    }
}
