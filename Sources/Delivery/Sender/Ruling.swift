/// What follows from the end of a mail, for it and for others; carried out in the transaction in which
/// the end is written down.
package enum Ruling: Hashable, Sendable {
    /// Its own fault, for good: `failed`, reason `rejected`.
    case fail(mail: Int64)
    /// Its own temporary failure: the attempt counts.
    case ownFailure(mail: Int64)
    /// It goes back unattempted and is tried again in a second: by then others have been.
    case lookAgain(mail: Int64)
    /// It goes back unattempted; it is the relay's trouble.
    case goBack(mail: Int64)
    /// These wait for their sender, reason `sender`, also where they are `failed` by now.
    case waitForSender(mails: [Int64])
    /// These wait for the relay, reason `relay`, also where they are `failed` by now.
    case waitForRelay(mails: [Int64])
    /// These were deferred; it was the relay's trouble: their attempts are taken back.
    case takeBack(mails: [Int64])
    /// Their sender is accepted, so that they are to blame if they are refused again.
    case isOwnFault(mails: [Int64])
    /// From now on the sender's mails wait, and one is tried now and then.
    case block(sender: String)
    case unblock(sender: String)
    /// The relay is taken for down.
    ///
    /// - Parameter isAccused: on the word of this mail's sender alone, or of this mail alone.
    case pauseRelay(RefusalKind, isAccused: Accused)

    /// `senders`: on the word of these, in the order in which they were refused.
    package enum Accused: Hashable, Sendable {
        case mail, sender, nobody
        case senders([String])
    }
}
