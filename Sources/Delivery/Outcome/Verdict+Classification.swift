extension Verdict {
    /// What follows from a dialogue's end (Contract.md).
    ///
    /// The first line that fits holds; ``ReplyMeaning`` says what a reply means at its stage.
    ///
    /// | the dialogue ended with | verdict |
    /// |---|---|
    /// | the relay's EHLO can't take the mail (SIZE, SMTPUTF8) | `unsupported` |
    /// | a reply: 2xx after the final dot | `accepted` |
    /// | a reply: anything before MAIL | `relayTrouble`, outage |
    /// | a reply: 421, from MAIL on | `turnedAway` |
    /// | a reply: 530, 534, 535, 538 to MAIL or RCPT | `unauthorized` |
    /// | a reply: 552 to RCPT, any other 4xx | `deferred` |
    /// | a reply: any other 5xx | `rejected` |
    /// | a reply: any other, dot announced | `uncertain` |
    /// | a reply: any other, dot not announced | `deferred` |
    /// | closed, silent, garbled or abandoned, dot announced | `uncertain` |
    /// | abandoned, dot not announced | `released` |
    /// | closed, silent or garbled before MAIL | `relayTrouble`, outage |
    /// | closed on a stale connection, or garbled there: whose answer that was is not known | `released` |
    /// | closed, silent or garbled, MAIL or later | `deferred` |
    ///
    /// The stages before MAIL belong to the connection, which reports its own ``RelayTrouble``; they
    /// are here so that no end is without an answer. A 4xx or 5xx settles the matter even where the
    /// dot is out: the relay says that it has not taken the mail.
    package init(of end: DialogueEnd) {
        switch end.cause {
        case .unsupported:
            self = .unsupported(DeliveryError(of: end))
        case .reply(let reply):
            self = Verdict(reply: reply, end: end)
        case .garbled, .closed, .timedOut, .abandoned:
            self = Verdict(withoutReply: end)
        }
    }

    private init(reply: SMTPReply, end: DialogueEnd) {
        let error = DeliveryError(of: end)
        self =
            switch ReplyMeaning(code: reply.code, at: end.stage) {
            case .accepted: .accepted(reply)
            case .temporary: .deferred(error)
            case .permanent: .rejected(error)
            case .outage: .relayTrouble(RelayTrouble(kind: .outage, error: error))
            case .connectionEnds: .turnedAway(error)
            case .credentials: .unauthorized(error)
            case .unexpected: end.dotAnnounced ? .uncertain(error) : .deferred(error)
            }
    }

    private init(withoutReply end: DialogueEnd) {
        let error = DeliveryError(of: end)
        self =
            switch end.cause {
            case _ where end.dotAnnounced: .uncertain(error)
            case .abandoned: .released(error)
            case _ where end.stage.isBeforeMail:
                .relayTrouble(RelayTrouble(kind: .outage, error: error))
            case .closed where end.wasDeadAllAlong, .garbled where end.wasDeadAllAlong:
                .released(error)
            default: .deferred(error)
            }
    }
}

extension DialogueEnd {
    /// Nothing of this mail was answered on a connection that may have died while it lay idle.
    fileprivate var wasDeadAllAlong: Bool {
        onStaleConnection && !dotAnnounced && !stage.isBeforeMail
    }
}
