extension DeliveryError {
    /// The relay says that the mailbox does not exist, or no longer (RFC 3463, section 3.2: 5.1.1 and
    /// 5.1.6; RFC 7505: 5.1.10): the address gets no mail for 30 days.
    ///
    /// Only a permanent reply to RCPT says so; 552 to RCPT is temporary, whatever its enhanced code.
    package var mailboxDoesNotExist: Bool {
        guard stage == .rcpt, isPermanentReply else { return false }
        return enhanced == EnhancedStatusCode(5, 1, 1)
            || enhanced == EnhancedStatusCode(5, 1, 6)
            || enhanced == EnhancedStatusCode(5, 1, 10)
    }

    /// A permanent reply that may be the sender's fault: any but a 5.1.x to RCPT, which speaks of
    /// the recipient's address (see ``SenderRecord``).
    package var countsAgainstSender: Bool {
        guard isPermanentReply else { return false }
        let speaksOfRecipient =
            stage == .rcpt && enhanced?.classDigit == 5 && enhanced?.subject == 1
        return !speaksOfRecipient
    }

    private var isPermanentReply: Bool {
        guard let code else { return false }
        return ReplyMeaning(code: code, at: stage) == .permanent
    }
}
