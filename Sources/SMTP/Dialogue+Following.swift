import Delivery

/// One round trip a mail: the commands of the next mail go out in the write that holds this one's
/// final dot (RFC 2920, section 3.1: the content of a message may be the first of a group, DATA is
/// the last).
///
///     us:    content, dot, MAIL, RCPT, DATA      content, dot, MAIL, …
///     relay:            250, 250, 250, 354                      250, …
///
/// | what comes for the dot | then the follower |
/// |---|---|
/// | 2xx | goes on: its replies come next |
/// | 4xx, 5xx | the same; 503 to its MAIL says that the relay has lost count, and is no word about it |
/// | 2xx, and then nothing, or one reply more than there were commands | was never begun: the relay drops what stands behind a dot, or has lost count |
/// | 421, garbled, the end of the connection, silence | was never begun: nothing of it was answered |
///
/// Its content waits for its own 354, and its dot is announced only after that.
extension Dialogue {
    /// Whether the follower's commands fit behind the final dot, in one write.
    ///
    /// Over TLS that is one record, which the relay has whole or not at all.
    package func mayBeFollowed(by next: Dialogue) -> Bool {
        guard isPipelined, case .announceDot = self.next(), next.isUnbegun,
            next.plan.steps.first == .mail
        else { return false }
        return content.count - written + next.plan.bytes.count <= Self.blockSize
    }

    private var isUnbegun: Bool {
        if case .commands = phase { written == 0 } else { false }
    }

    /// The follower's commands are sent behind the final dot, which is announced.
    package mutating func append(commandsOf next: Dialogue) {
        guard case .dot = phase else { return }
        content += next.plan.bytes
        follower = .waits(octets: next.plan.bytes.count)
    }

    /// The follower does not wait any longer for this mail's reply.
    ///
    /// The relay has its commands and waits for its content, so that the connection ends with this mail.
    package mutating func dropFollower() {
        guard case .waits(let octets) = follower else { return }
        follower = .dropped(octets: octets)
    }

    /// Goes on where the mail before this one has ended, with what was sent and heard of it by then.
    package mutating func takeOver(from previous: inout Dialogue) {
        guard case .waits(let octets) = previous.follower else { return }
        written = max(0, octets - (previous.content.count - previous.written))
        isBehindDot = true
        isBehindRefusal = previous.needsReset
        swap(&reader, &previous.reader)
        previous.follower = .none
        progress += 1
        hear()
    }

    /// The relay has answered the dot in front, and not all of the commands behind it.
    package var isUnansweredBehindDot: Bool {
        if case .commands = phase { isBehindDot && refusal == nil } else { false }
    }

    /// It has had its time: as if the commands had not gone out.
    package mutating func wasNotAnswered() {
        guard isUnansweredBehindDot else { return }
        hasLostCount = true
        fail(.closed("the relay did not answer commands behind a final dot"))
    }

    /// What stands behind the final dot in ``content``.
    enum Follower: Sendable {
        case none
        /// The commands of the next mail.
        case waits(octets: Int)
        /// The same, but nobody goes on with them.
        case dropped(octets: Int)

        var octets: Int {
            switch self {
            case .none: 0
            case .waits(let octets), .dropped(let octets): octets
            }
        }

        var isWaiting: Bool { if case .waits = self { true } else { false } }
        var isDropped: Bool { if case .dropped = self { true } else { false } }
    }
}
