internal import Crash
internal import Delivery
internal import Service
internal import Store

extension StoringLoop {
    /// The sending thread has ended: writes down what it left, and takes leave.
    /// - Returns: false if something could not be written down: the in-flight journal then speaks for it.
    func finishUp(after result: Result<EngineResult, any Error>) throws -> Bool {
        if result.isAboutNewerTables { return false }
        let (fresh, reports) = handOff.takeResults()
        hand.add(setAsideRefusals(fresh) + progress.setAside.takeAll())
        hand.addAllUnrecorded()
        relay.add(reports)
        // Sent over when nobody was there to take it any more.
        hand.add(
            handOff.takeOutgoing().map { SendResult(mail: $0, end: .unused, at: clock.wallNow()) })
        do {
            // Where the loop has waited in vain for the database already, its time is up.
            let patience: Duration =
                if case .failure = result { .milliseconds(200) } else { .seconds(2) }
            store.whileBusy { $0 < patience }
            // Nothing more is written into a file that is not the database any more.
            try store.checkIdentity()
            if !hand.hasNoResults || !relay.isEmpty { try work() }
            guard hand.count == 0 else { return false }
            try store.forget(instance: instance.id)
            CrashPoint.signedOff.pass()
            try store.finalCheckpoint()
            CrashPoint.logCopied.pass()
            return true
        } catch {
            observer(.storeTrouble("what was under way could not be written down: \(error)"))
            return false
        }
    }
}
