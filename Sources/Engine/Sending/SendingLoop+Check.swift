internal import Delivery
internal import SMTP
internal import Service
internal import Store

/// The pre-send check: before MAIL, and again before the content and before the dot where the relay
/// took its time (Contract.md, "Till the last moment").
extension SendingLoop {
    /// What was found is true for so long.
    static let checkHolds: Duration = .milliseconds(20)

    /// Why the mail does not go now; nil if it goes.
    ///
    /// Whoever takes it over reads our notes when our lease is over, and before its commit says so to this check. A
    /// slot that was taken while the lease stood is found there, and revoked; one that is taken later would not be.
    func obstacle(to mail: OutgoingMail, at now: SteadyTime) -> SendResult.End? {
        guard clock.steadyNow() < handOff.leaseUntil else { return .unused }
        do {
            let found = try check.check(mail.checked, at: clock.wallNow())
            checkTrouble.succeeded()
            switch found {
            case .go: return nil
            case .changed: return .changed
            case .paused: return .paused
            case .suppressed: return .suppressed
            case .lost: return .lost
            }
        } catch let error as any StoreFailure where error.isAboutTheStatement {
            return .storeFault(error)
        } catch {
            // What can't be looked at is not sent, and the others fare no better for now.
            if checkTrouble.failed(at: now) { observer(.storeTrouble("\(error)")) }
            return (error as? any StoreFailure).map { .storeFault($0) } ?? .unused
        }
    }

    /// Checks again if the last check is too old, and takes the mail back if something stands against
    /// it: the relay waits for a message, or for the rest of it, and gets the end of the connection.
    ///
    /// - Returns: true if the mail was taken back.
    func takeBackIfObstructed(_ pooled: PooledConnection, _ job: PooledConnection.Job) -> Bool {
        let now = clock.steadyNow()
        guard now - job.checkedAt > Self.checkHolds else { return false }
        job.checkedAt = now
        guard let obstacle = obstacle(to: job.mail, at: now) else { return false }
        pooled.close()
        prefetch.finished(1, at: now)
        // 354 came, but no word about the mail: a probe is made again.
        relay.health.released(at: now, in: job.epoch)
        results.append(
            SendResult(mail: job.mail, end: obstacle, slot: job.slot, at: clock.wallNow()))
        return true
    }
}
