/// On whose word the relay is taken for down, if it is only one mail's, one sender's or a few senders'.
///
/// Nobody waits for the sake of one bad neighbour: a mail that has no part in it is *innocent*, and
/// tried at once instead of at the next probe.
///
/// | accused | a probe in trouble | becomes |
/// |---|---|---|
/// | a mail | the same mail | the same |
/// | a mail | another of its sender | its sender |
/// | a mail | one of another sender | both senders |
/// | senders | one of theirs | the same |
/// | senders, fewer than ``mostSenders`` | one of another sender | that one too |
/// | ``mostSenders`` senders | one of another sender | nobody: it is the relay |
///
/// So two helpdesks whose From address the relay refuses don't hold up a third; and a relay that refuses
/// everybody is asked by few mails beside its probes.
package struct Accusation: Hashable, Sendable {
    package let mail: Int64
    /// The From address of the mail, normalized.
    package let sender: String
    /// The helpdesk of the mail; others may write from the same address.
    package let helpdeskID: String
    /// Two mails of the sender were refused: none of its mails is innocent.
    package private(set) var isOfSender: Bool
    /// Other senders whose mail was refused alike, normalized.
    package private(set) var others: [String]

    package static let mostSenders = 8

    package init(
        mail: Int64, sender: String, helpdeskID: String, isOfSender: Bool = false,
        others: [String] = []
    ) {
        self.others = others
        self.mail = mail
        self.sender = sender
        self.helpdeskID = helpdeskID
        self.isOfSender = isOfSender
    }

    package func isInnocent(mail: Int64, sender: String) -> Bool {
        mail != self.mail && !(isOfSender && sender == self.sender) && !others.contains(sender)
    }

    /// A probe has met the same trouble; nil where that proves it to be the relay's.
    package func confirmed(by mail: Int64, sender: String) -> Accusation? {
        var accusation = self
        if sender != self.sender {
            accusation.isOfSender = true
            if others.contains(sender) { return accusation }
            guard others.count + 1 < Self.mostSenders else { return nil }
            accusation.others.append(sender)
            return accusation
        }
        if mail != self.mail { accusation.isOfSender = true }
        return accusation
    }
}
