internal import Delivery
internal import Store

/// What is known of one relay: whether it works, whom it is taken for down for, and what each mail's end
/// says about it (Contract.md, "The relay's own trouble",
/// "Whose fault is a refusal?").
///
/// It puts the rules together, in this order; each has a table of its own.
///
/// | what comes | is judged by |
/// |---|---|
/// | a mail's end while the relay is down | ``Verdict/inTrouble(_:isFirst:)``: a probe that is refused as the others were is not to blame |
/// | any mail's end | ``LostReplies``, then ``RelayBreaker`` |
/// | trouble of a connection, of mails that got 421, or that the store found | ``RelayBreaker``; the latter two accuse somebody |
/// | a mail that wants to go while nobody may | ``Accusation``, ``Newcomers`` |
///
/// Owned by the sending thread: a class, since a copy at each question would retain a dozen things. Every
/// time is passed in.
final class RelayHealth {
    private var breaker: RelayBreaker
    /// What the relay refuses, where that is why it is taken for down; nil for an outage.
    private var pausedFor: RefusalKind?
    /// The relay is taken for down on the word of this mail or sender alone.
    private(set) var accusation: Accusation?
    /// The relay is taken for down because it refuses mail: what came later is tried at once.
    private(set) var newcomers: Newcomers?
    private var lostReplies = LostReplies()
    /// How many mails it has accepted.
    private(set) var accepted = 0
    private var lastAcceptedAt: SteadyTime?
    private var news = RelayNews()

    init(limit: Int, at now: SteadyTime) {
        breaker = RelayBreaker(limit: limit, at: now)
    }

    // MARK: What may go

    var isDown: Bool { breaker.state == .down }
    /// It accepted a mail, or replied to one, and has been in no trouble since.
    var isUp: Bool { breaker.state == .up }
    var trouble: RelayTrouble? { breaker.trouble }
    /// When a probe may start; nil while it is not down or the probe is under way.
    var nextProbeAt: SteadyTime? { breaker.nextProbeAt }
    var epoch: RelayBreaker.Epoch { breaker.epoch }

    /// How many mails may be under way side by side.
    func allowance(at now: SteadyTime) -> Int { breaker.allowance(at: now) }

    /// A mail, or a connection for one, is begun; its result comes back with the epoch.
    func started(at now: SteadyTime) -> RelayBreaker.Epoch { breaker.started(at: now) }

    /// What was begun ended and says nothing about the relay.
    func released(at now: SteadyTime, in epoch: RelayBreaker.Epoch) {
        breaker.released(at: now, in: epoch)
    }

    /// Splits mails into those that may go and those that go back: while the relay is taken for down on
    /// somebody's word, mail that has no part in it is tried at once, and no other.
    func sift(
        _ mails: [OutgoingMail], at now: ClockReading
    ) -> (may: [OutgoingMail], mayNot: [OutgoingMail]) {
        guard accusation != nil || newcomers != nil, !mails.isEmpty,
            breaker.allowance(at: now.steady) == 0
        else { return (mails, []) }
        var (may, mayNot): ([OutgoingMail], [OutgoingMail]) = ([], [])
        for mail in mails {
            if hasNoPart(mail.mail, at: now.wall) { may.append(mail) } else { mayNot.append(mail) }
        }
        if !may.isEmpty { breaker.hasten(at: now.steady) }
        return (may, mayNot)
    }

    private func hasNoPart(_ mail: InFlightMail, at now: WallTime) -> Bool {
        let (id, sender) = (mail.mailID, mail.sender)
        return accusation?.isInnocent(mail: id, sender: sender) == true
            || newcomers?.allows(id, at: now) == true
    }

    // MARK: A mail's end

    struct Judged {
        /// What it means for the mail, by the relay's present state.
        var verdict: Verdict
        /// The relay is in trouble: what was wrong with this connection is likely to be wrong with others.
        var isTrouble: Bool
    }

    /// - Parameter began: The epoch in which the mail was begun.
    /// - Parameter isFirst: It was the first of its connection.
    func judge(
        _ verdict: Verdict, of mail: InFlightMail, began: RelayBreaker.Epoch, isFirst: Bool,
        at now: ClockReading
    ) -> Judged {
        let wasDown = isDown
        let wasUnderWay = began != breaker.epoch
        let verdict = wasDown ? verdict.inTrouble(pausedFor, isFirst: isFirst) : verdict
        let usual = wasDown ? verdict.evidenceInTrouble(pausedFor) : verdict.relayEvidence
        let evidence = lostReplies.judge(verdict, mail: mail.mailID, usual: usual)
        breaker.noted(evidence, at: now.steady, in: noteAccepted(verdict, began, at: now.steady))
        if !isDown { forgetAccused() }
        guard case .trouble = evidence else {
            report(at: now)
            return Judged(verdict: verdict, isTrouble: false)
        }
        noteTrouble(verdict, mail, wasDown: wasDown, wasUnderWay: wasUnderWay, at: now.wall)
        report(isTrouble: true, at: now)
        return Judged(verdict: verdict, isTrouble: true)
    }

    /// - Returns: the epoch that the result counts for.
    private func noteAccepted(
        _ verdict: Verdict, _ began: RelayBreaker.Epoch, at now: SteadyTime
    ) -> RelayBreaker.Epoch {
        guard case .accepted = verdict else { return began }
        accepted += 1
        lastAcceptedAt = now
        // What was under way when others were refused, and is accepted now, shows that the relay takes
        // mail. (After an outage it would be news of before.)
        return isDown && pausedFor != nil ? breaker.epoch : began
    }

    private func noteTrouble(
        _ verdict: Verdict, _ mail: InFlightMail, wasDown: Bool, wasUnderWay: Bool,
        at now: WallTime
    ) {
        if case .relayTrouble = verdict {
            accusation = accusation?.confirmed(by: mail.mailID, sender: mail.sender)
        } else if !wasDown, isDown {
            newcomers = Newcomers(after: mail.mailID)
        }
        newcomers?.refused(mail.mailID, wasUnderWay: wasUnderWay, at: now)
    }

    private func forgetAccused() {
        pausedFor = nil
        accusation = nil
        newcomers = nil
    }

    // MARK: Trouble beside a mail's end

    /// A connection could not be opened.
    ///
    /// - Returns: true if that is news. One that failed with others, or before the settings changed, says
    ///   nothing new.
    func connectionFailed(
        _ trouble: RelayTrouble, in epoch: RelayBreaker.Epoch, at now: ClockReading
    ) -> Bool {
        let before = breaker.epoch
        breaker.troubled(trouble, at: now.steady, in: epoch)
        guard breaker.epoch != before else { return false }
        // Whoever has no part in a refusal can't get through either, and would be tried again at once.
        forgetAccused()
        report(isTrouble: true, at: now)
        return true
    }

    /// These mails got 421 twice, and nobody else was accepted since: they are accused, and what they met is
    /// the relay's.
    func turnedAway(
        _ mails: [InFlightMail], _ trouble: RelayTrouble, at now: ClockReading
    ) {
        breaker.troubled(trouble, at: now.steady, in: breaker.epoch)
        accusation = Self.accusation(of: mails)
        newcomers = mails.map(\.mailID).max().map(Newcomers.init(after:))
        report(isTrouble: true, at: now)
    }

    private static func accusation(of mails: [InFlightMail]) -> Accusation? {
        guard let first = mails.first else { return nil }
        let others = Set(mails.map(\.sender)).subtracting([first.sender])
        return Accusation(
            mails: mails.map(\.mailID), sender: first.sender, helpdeskID: first.key.helpdeskID,
            others: others.sorted())
    }

    /// The store has found that the relay refuses mail for reasons of its own.
    func pause(by order: RelayPauseOrder, at now: ClockReading) {
        // It has accepted a mail since: told in steady time, for after a clock that was set back by an hour
        // each order of that hour would seem to be older.
        if let lastAcceptedAt, now.wall + (lastAcceptedAt - now.steady) > order.at { return }
        guard !isDown else {
            pausedFor = pausedFor ?? order.kind
            // A mail that seemed to have no part in it was refused alike: it is not tried again at once.
            accusation = accusation?.confirmed(by: order.mail, sender: order.sender)
            newcomers?.refused(order.mail, wasUnderWay: true, at: now.wall)
            return
        }
        breaker.troubled(order.trouble, at: now.steady, in: breaker.epoch)
        pausedFor = order.kind
        accusation = order.accusation
        newcomers = Newcomers(after: order.mail)
        report(isTrouble: true, at: now)
    }

    /// An operator wants the relay to be tried now.
    func probeNow(at now: SteadyTime) {
        breaker.hasten(at: now)
    }

    /// The relay took a connection or a command and has said nothing for a while: told, but no trouble yet.
    func isSilent(_ error: DeliveryError, at now: ClockReading) {
        guard !isDown else { return }
        news.note(
            RelayStatus(state: breaker.state, since: now.wall, error: error), isTrouble: false)
    }

    // MARK: Other settings

    /// The way to the relay, or what we say to it, is another: it is tried at once, and nobody is accused of
    /// what the former one refused.
    func settingsChanged(limit: Int, at now: ClockReading) {
        breaker.settingsChanged(limit: limit, at: now.steady)
        forgetAccused()
        lostReplies = LostReplies()
        report(at: now)
    }

    func limitChanged(to limit: Int) { breaker.limitChanged(to: limit) }

    // MARK: News

    /// - Parameter isTrouble: Told though nothing changed here; see ``RelayNews``.
    private func report(isTrouble: Bool = false, at now: ClockReading) {
        let status = RelayStatus(
            state: breaker.state, since: now.wall, error: breaker.trouble?.error,
            nextProbeAt: breaker.nextProbeAt.map { now.wall + ($0 - now.steady) })
        news.note(status, isTrouble: isTrouble)
    }

    /// What has not been told the storing thread yet.
    func takeNews() -> [RelayStatus] { news.take() }
}
