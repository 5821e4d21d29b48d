extension DeliveryError {
    /// The relay says that the mailbox does not exist, or no longer (RFC 3463, section 3.2: 5.1.1 and
    /// 5.1.6; RFC 7505: 5.1.10): the address gets no mail for 30 days.
    ///
    /// Only a permanent reply to RCPT says so; 552 to RCPT is temporary, whatever its enhanced code.
    package var mailboxDoesNotExist: Bool {
        guard stage == .rcpt, isPermanentReply, let enhanced else { return false }
        return [1, 6, 10].contains { enhanced == EnhancedStatusCode(5, 1, $0) }
    }

    /// A permanent reply that may be the sender's fault, or the relay's: any that does not say that the
    /// mailbox is unknown.
    ///
    /// Those are 5.1.1, 5.1.2 (bad domain), 5.1.3 (bad syntax), 5.1.6 (moved) and 5.1.10 (null MX),
    /// at whatever stage; 5.1.7 and 5.1.8 speak of the sender's address (RFC 3463, section 3.2).
    package var countsAgainstSender: Bool {
        guard isPermanentReply else { return false }
        guard let enhanced else { return true }
        return ![1, 2, 3, 6, 10].contains { enhanced == EnhancedStatusCode(5, 1, $0) }
    }

    /// A temporary reply that speaks of the relay's own system (RFC 3463, section 3.4: 4.3.x, such as
    /// a full disk), or 454, which stands for a temporary failure to know who we are (RFC 4954,
    /// section 4.7; Postfix and others give it to RCPT).
    package var speaksOfSystem: Bool {
        guard !stage.isBeforeMail, let code, ReplyMeaning(code: code, at: stage) == .temporary
        else { return false }
        return code == 454 || (enhanced?.classDigit == 4 && enhanced?.subject == 3)
    }

    private var isPermanentReply: Bool {
        guard let code else { return false }
        return ReplyMeaning(code: code, at: stage) == .permanent
    }
}
