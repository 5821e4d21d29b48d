/// On whose word the relay is taken for down, if it is only a few mails', one sender's or a few senders'.
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
/// | ``mostSenders`` senders | one of another sender | no mail and no sender: the relay itself is in trouble |
/// | mails, fewer than ``mostMails`` | another | that one too |
/// | ``mostMails`` mails of at most ``mostSenders`` senders | another of theirs | those senders |
/// | ``mostMails`` mails, and with this one more senders than that | another | no mail and no sender: the relay itself is in trouble |
///
/// So two helpdesks whose From address the relay refuses don't hold up a third; and a relay that refuses
/// everybody is asked by few mails beside its probes.
///
/// *Mails* are accused if they got 421: it ends the connection, and says nothing of the sender. Example:
/// ten recipients for whom the relay always says 421 stand before a hundred others of the same sender;
/// the eleventh mail is tried at once, and shows that the relay works. If sixty stand there, it is the
/// last of the hundred: the store takes the first and the last in turns. If the relay refuses all that one
/// helpdesk sends, its sender is accused after ``mostMails`` of them, and the others go on.
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
    /// The mails that met the trouble, the first included; empty if senders are accused.
    package private(set) var mails: [Int64] = []

    package static let mostSenders = 8
    package static let mostMails = 32

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

    /// Of mails alone.
    ///
    /// - Parameter others: their senders, but for `sender`: accused if any further mail of theirs is
    ///   refused once there are ``mostMails``.
    package init(mails: [Int64], sender: String, helpdeskID: String, others: [String] = []) {
        self.init(
            mail: mails.first ?? 0, sender: sender, helpdeskID: helpdeskID, others: others)
        self.mails = mails
    }

    package var isOfMails: Bool { !mails.isEmpty }
    /// Those that are not innocent, whatever is known of their sender.
    package var accusedMails: [Int64] { isOfMails ? mails : [mail] }

    package func isInnocent(mail: Int64, sender: String) -> Bool {
        if isOfMails { return !mails.contains(mail) }
        return mail != self.mail && !(isOfSender && sender == self.sender)
            && !others.contains(sender)
    }

    /// A probe has met the same trouble; nil if that proves it to be the relay's.
    package func confirmed(by mail: Int64, sender: String) -> Accusation? {
        if isOfMails {
            return mails.contains(mail) ? self : confirmed(byAnother: mail, sender)
        }
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

    /// Mails are accused, and this one is not among them.
    private func confirmed(byAnother mail: Int64, _ sender: String) -> Accusation? {
        var accusation = self
        let isKnown = sender == self.sender || others.contains(sender)
        // One more than may be accused is enough to know that they are too many.
        if !isKnown, others.count < Self.mostSenders { accusation.others.append(sender) }
        if mails.count < Self.mostMails {
            accusation.mails.append(mail)
            return accusation
        }
        guard accusation.others.count < Self.mostSenders else { return nil }
        accusation.mails = []
        accusation.isOfSender = true
        return accusation
    }
}
