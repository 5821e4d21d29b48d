/// On whose word the relay is taken for down, where it is only one mail's or one sender's.
///
/// Nobody waits for the sake of one bad neighbour: a mail that has no part in it is *innocent*, and
/// tried at once instead of at the next probe.
///
/// | accused | a probe in trouble | becomes |
/// |---|---|---|
/// | a mail | the same mail | the same |
/// | a mail | another of its sender | its sender |
/// | a mail | one of another sender | nobody: it is the relay |
/// | a sender | one of that sender | the same |
/// | a sender | one of another sender | nobody: it is the relay |
package struct Accusation: Hashable, Sendable {
    package let mail: Int64
    /// The From address of the mail, normalized.
    package let sender: String
    /// The helpdesk of the mail; others may write from the same address.
    package let helpdeskID: String
    /// Two mails of the sender were refused: none of its mails is innocent.
    package private(set) var isOfSender: Bool

    package init(mail: Int64, sender: String, helpdeskID: String, isOfSender: Bool = false) {
        self.mail = mail
        self.sender = sender
        self.helpdeskID = helpdeskID
        self.isOfSender = isOfSender
    }

    package func isInnocent(mail: Int64, sender: String) -> Bool {
        mail != self.mail && !(isOfSender && sender == self.sender)
    }

    /// A probe has met the same trouble; nil where that proves it to be the relay's.
    package func confirmed(by mail: Int64, sender: String) -> Accusation? {
        guard sender == self.sender else { return nil }
        var accusation = self
        if mail != self.mail { accusation.isOfSender = true }
        return accusation
    }
}
