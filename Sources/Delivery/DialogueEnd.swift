/// What became of one mail's dialogue, as fact: what was read, where it ended, and whether the
/// final dot may have gone out.
///
/// What follows from it is ``Verdict``'s to say.
package struct DialogueEnd: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// A well-formed reply that decided the matter.
        case reply(SMTPReply)
        /// What came was no well-formed reply; cleaned and shortened.
        case garbled(String)
        /// The relay closed or reset the connection.
        case closed(String)
        /// Silence for longer than the phase allows.
        case timedOut(after: Duration)
        /// The relay's EHLO says that it can't take this mail (SIZE, SMTPUTF8); nothing was sent.
        case unsupported(String)
        /// We ended it: asked to stop, or the lease was lost. Nothing was accepted.
        case abandoned(String)
    }
    package var stage: Stage
    package var cause: Cause
    /// The final dot had been announced, so that the relay may have the whole mail.
    package var dotAnnounced: Bool
    /// The connection had been used for an earlier mail or lay idle, and nothing of this mail was
    /// answered: it may have been dead all along.
    ///
    /// Also true if the relay sent too many or too few replies after another mail's dot: then no reply can be matched
    /// with a command.
    package var onStaleConnection: Bool

    package init(
        stage: Stage, cause: Cause, dotAnnounced: Bool = false, onStaleConnection: Bool = false
    ) {
        self.stage = stage
        self.cause = cause
        self.dotAnnounced = dotAnnounced
        self.onStaleConnection = onStaleConnection
    }
}
