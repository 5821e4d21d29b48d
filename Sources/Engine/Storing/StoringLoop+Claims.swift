internal import Crash
internal import Delivery
internal import Store

/// What a round claims, and hands over to be sent.
extension StoringLoop {
    /// The sending thread begins with these while the next ones are composed.
    private static let composedAtOnce = 32

    func mayClaim(_ capacity: Capacity) throws -> Bool {
        if let picks { return picks.hasReady }
        let request = claimRequest(capacity)
        if try store.hasDue(request) { return true }
        guard capacity.mails > 0 else { return false }
        return try store.nextDue(request).map { $0 <= request.now } ?? false
    }

    func claim(_ capacity: Capacity, of rows: [Int64]?) throws -> ClaimedBatch {
        var request = claimRequest(capacity)
        request.rows = rows
        let rules = ClaimRules(
            settings: settings, ignoresHold: mode.ignoresHold, now: request.now,
            nonce: generator.next(), maxAgeOfAll: mode.maxAge)
        let batch = try store.claim(request, decide: rules.decide)
        if !batch.claims.isEmpty { try keepLease() }
        return batch
    }

    /// In the claim's own transaction, so that no claim is ever older than its lease.
    private func keepLease() throws {
        let now = clock.steadyNow()
        if lease.isTooShortForClaim(at: now) { try renewLease(at: now) }
    }

    func claimedBatch(_ batch: ClaimedBatch) throws {
        tell(batch.skipped)
        for fault in batch.faults { tell(fault) }
        if batch.parked > 0 { review.want() }
        hand.claimed(batch.claims.count)
        var composer = Composer(settings: settings, zones: zones, letterheads: letterheads)
        var failure: (any Error)?
        var rest = batch.claims[...]
        while !rest.isEmpty {
            let portion = compose(rest.prefix(Self.composedAtOnce), with: &composer)
            rest = rest.dropFirst(Self.composedAtOnce)
            do {
                if failure == nil { try keepLargeOnes(portion.large) }
            } catch {
                failure = error
            }
            if failure == nil {
                handOff.send(portion.mails)
            } else {
                // They are claimed, so they have to be returned: no other process would send them.
                hand.add(
                    portion.mails.map { SendResult(mail: $0, end: .unused, at: clock.wallNow()) })
            }
        }
        if let failure { throw failure }
    }

    /// - Returns: also which of them a slot can't hold.
    private func compose(
        _ claims: ArraySlice<Claim>, with composer: inout Composer
    ) -> (mails: [OutgoingMail], large: [OutgoingMail]) {
        var mails: [OutgoingMail] = []
        var large: [OutgoingMail] = []
        mails.reserveCapacity(claims.count)
        for claim in claims {
            guard let content = composer.compose(claim) else {
                hand.add(Self.notComposed(claim, at: clock.wallNow()))
                continue
            }
            let mail = OutgoingMail(
                claim, content: content, isKept: claim.frozen != nil || !journal.fits(content))
            if claim.frozen == nil, mail.isKept { large.append(mail) }
            mails.append(mail)
            hand.composed(mail)
        }
        return (mails, large)
    }

    /// A copy that a slot can't hold is kept in the database before it goes out.
    private func keepLargeOnes(_ large: [OutgoingMail]) throws {
        try store.persistOversizedCopies(large.map { (mailID: $0.mail.mailID, frozen: $0.content) })
        CrashPoint.copiesKept.pass(if: !large.isEmpty)
    }

    private static func notComposed(_ claim: Claim, at now: WallTime) -> SendResult {
        let error = DeliveryError(
            stage: .mail,
            text: "the mail could not be composed: it has no usable sender or recipient")
        let nothing = FrozenMail(
            envelopeSender: "", envelopeRecipient: "", needsSMTPUTF8: false, message: [])
        return SendResult(
            mail: OutgoingMail(claim, content: nothing, isKept: claim.frozen != nil),
            end: .verdict(.deferred(error)), at: now)
    }
}
