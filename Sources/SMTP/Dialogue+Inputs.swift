import Delivery

/// What the driver tells the dialogue. After the end all of it is ignored.
extension Dialogue {
    /// The connection took the first `count` of the bytes that ``next()`` handed out.
    package mutating func wrote(_ count: Int) {
        guard count > 0, case .write(let bytes, _) = next() else { return }
        written += min(count, bytes.count)
        progress += 1
    }

    /// Bytes of the relay, in any pieces.
    package mutating func received(_ bytes: ArraySlice<UInt8>) {
        if case .ended = phase {
            // The follower's answers; else words without a question: whose would the next reply be?
            if follower.isWaiting {
                reader.feed(bytes)
            } else if !bytes.isEmpty {
                connectionUsable = false
            }
            return
        }
        reader.feed(bytes)
        hear()
    }

    /// Takes the replies that are there.
    mutating func hear() {
        while let event = reader.next() {
            progress += 1
            take(event)
            if case .ended = phase { return }
        }
    }

    /// The connection is gone: the relay closed it, or a read or write failed.
    package mutating func closed(_ reason: String) {
        fail(.closed(reason))
    }

    /// The deadline of the action that ``next()`` still returns has passed.
    package mutating func timedOut() {
        switch next() {
        case .write(_, let timeout), .read(let timeout): fail(.timedOut(after: timeout))
        case .announceDot, .end: break
        }
    }

    /// Given up before its timeout: the relay took that long, and served others meanwhile.
    package mutating func gaveUp(after duration: Duration) {
        fail(.timedOut(after: duration))
    }

    /// The answer to `announceDot`.
    ///
    /// Refused, the mail is abandoned without its end, and the connection with it: the relay still
    /// waits for a dot.
    package mutating func announced(_ isNoted: Bool) {
        guard case .announceDot = next() else { return }
        guard isNoted else { return fail(.abandoned("the final dot was not sent")) }
        phase = .dot
        progress += 1
    }

    /// The relay has all of it, and only its reply is waited for.
    package var isContentOut: Bool {
        if case .dot = phase { written == content.count } else { false }
    }

    /// Lets go of the content once all of it is out: nothing of it is sent again on this connection.
    package mutating func releaseContent() {
        guard isContentOut else { return }
        content = []
        written = 0
    }

    /// Gives the mail up.
    ///
    /// Where nothing was sent the connection stays good.
    package mutating func abandon(_ reason: String) {
        if case .commands = phase, written == 0 {
            finish(stage, .abandoned(reason), isUsable: true)
        } else {
            fail(.abandoned(reason))
        }
    }

    /// Ends the dialogue, and the connection with it.
    ///
    /// A refusal that was read before stands.
    mutating func fail(_ cause: DialogueEnd.Cause) {
        if isUnansweredBehindDot, case .garbled = cause { hasLostCount = true }
        if let refusal {
            finish(refusal.stage, .reply(refusal.reply), isUsable: false)
        } else {
            finish(stage, cause, isUsable: false)
        }
    }

    mutating func finish(_ stage: Stage, _ cause: DialogueEnd.Cause, isUsable: Bool) {
        if case .ended = phase { return }
        let end = DialogueEnd(
            stage: stage, cause: cause, dotAnnounced: dotAnnounced,
            onStaleConnection: isStale(cause))
        connectionUsable =
            isUsable && !follower.isDropped && (follower.isWaiting || reader.isEmpty)
        phase = .ended(end)
    }

    /// Dead all along: used before, and closed without a word about this mail.
    ///
    /// The reply to RSET is none.
    private func isStale(_ cause: DialogueEnd.Cause) -> Bool {
        if hasLostCount { return true }
        guard isReused, case .commands = phase, answered < plan.steps.count,
            plan.steps[answered].stage == .mail
        else { return false }
        switch cause {
        case .closed: return true
        case .reply(let reply): return reply.code == 421
        case .garbled, .timedOut, .unsupported, .abandoned: return false
        }
    }
}
