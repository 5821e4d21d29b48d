package import Delivery

/// The dialogue of one mail on an open connection: RSET where one is due, MAIL, RCPT, DATA, the
/// message, the final dot.
///
/// A value; whoever drives it owns socket and clock.
///
/// The driver asks ``next()`` what to do, does it, and tells what came of it:
///
/// | action | then |
/// |---|---|
/// | `write` | `wrote(n)`; after n = 0 wait until the socket can be written **or read** |
/// | `read` | `received(bytes)` |
/// | `announceDot` | note that the dot is about to go out: `announced(true)`, or `(false)` |
/// | `end` | nothing: it is over, and says whether the connection is still good |
///
/// `received` may be called at any time, and has to be before `closed` where the relay may have
/// said something first. A deadline runs from the last change of ``progress``; a relay that drips
/// bytes without ever completing a reply does not move it. When it has passed: `timedOut()`.
package struct Dialogue: Sendable {
    package enum Action: Sendable {
        /// Send these bytes or the first of them. After `wrote(0)` the same ones come again, at the
        /// same address, as TLS wants it.
        case write(ArraySlice<UInt8>, timeout: Duration)
        case read(timeout: Duration)
        /// What is sent after this holds the end of the message and the final dot.
        case announceDot
        case end(DialogueEnd)
    }

    enum Phase: Sendable {
        /// Commands and their replies.
        case commands
        /// The message but for its last piece; the dot is not announced.
        case body
        /// The last piece, then the reply to the dot.
        case dot
        /// DATA was taken although the recipient was not: an empty message, and its reply.
        case emptyMessage
        case ended(DialogueEnd)
    }

    /// As much as one write hands out: a TLS record, so that each that goes through is progress.
    ///
    /// A message that fits goes out with its dot in one write.
    package static let blockSize = 16_384

    let plan: CommandPlan
    var content: [UInt8]
    let timeouts: DialogueTimeouts
    let isPipelined: Bool
    let isReused: Bool

    var phase = Phase.commands
    var reader = ReplyReader()
    /// How much of the current phase's bytes went out.
    var written = 0
    /// How many commands were answered.
    var answered = 0
    /// The first refusal of a pipelined group; the mail's end, whatever else follows.
    var refusal: (stage: Stage, reply: SMTPReply)?
    /// RCPT was answered with 2xx.
    var recipientTaken = false
    /// The mail whose commands stand behind this one's final dot.
    var follower = Follower.none
    /// The mail before this one was refused after its dot, and no RSET was sent since.
    var isBehindRefusal = false
    /// Its commands went out behind the final dot of another mail.
    var isBehindDot = false
    /// The relay can't deal with commands behind a final dot.
    package internal(set) var hasLostCount = false

    /// Changes whenever the deadline starts anew.
    package internal(set) var progress = 0
    /// Whether another mail can go over the connection.
    ///
    /// Meaningful after the end.
    package internal(set) var connectionUsable = true
    /// Whether that mail has to send RSET first.
    package internal(set) var needsReset = false

    /// What is to be done now.
    ///
    /// Asking changes nothing.
    package func next() -> Action {
        switch phase {
        case .commands: nextInCommands()
        case .body: nextInBody()
        case .dot: write(content[written...], or: timeouts.final)
        case .emptyMessage: write(Self.emptyMessage[written...], or: timeouts.command)
        case .ended(let end): .end(end)
        }
    }

    /// Where the dialogue stands.
    package var stage: Stage {
        switch phase {
        case .commands: plan.steps[answered].stage
        case .body: .body
        case .dot: .final
        case .emptyMessage: refusal?.stage ?? .data
        case .ended(let end): end.stage
        }
    }

    /// The relay may have the whole message.
    package var dotAnnounced: Bool {
        switch phase {
        case .dot: true
        case .ended(let end): end.dotAnnounced
        case .commands, .body, .emptyMessage: false
        }
    }

    /// The relay has said 354, and nothing of the message was handed out yet.
    ///
    /// A mail abandoned here, or before its dot, was never sent.
    package var isBeforeContent: Bool {
        if case .body = phase { written == 0 } else { false }
    }

    static let emptyMessage: [UInt8] = Array(".\r\n".utf8)

    private func nextInCommands() -> Action {
        let step = plan.steps[answered]
        let limit = isPipelined ? plan.bytes.count : plan.ends[answered]
        guard written >= limit else {
            return .write(plan.bytes[written..<limit], timeout: timeouts.command)
        }
        return .read(timeout: step == .data ? timeouts.data : timeouts.command)
    }

    private func nextInBody() -> Action {
        guard content.count - written <= Self.blockSize else {
            let block = content[written..<written + Self.blockSize]
            return .write(block, timeout: timeouts.bodyBlock)
        }
        // Part of a reply that nobody asked for: not before it is known what it says.
        return reader.isEmpty ? .announceDot : .read(timeout: timeouts.bodyBlock)
    }

    private func write(_ rest: ArraySlice<UInt8>, or final: Duration) -> Action {
        rest.isEmpty ? .read(timeout: final) : .write(rest, timeout: timeouts.bodyBlock)
    }
}

// In an extension, so that there is a memberwise initializer to call: a value of this size that is built
// field by field is copied once more.
extension Dialogue {
    /// Prepares the dialogue; nothing is sent yet.
    ///
    /// A mail that can't go out (the relay does not take it, or it would break the protocol) ends
    /// at once with cause `unsupported`: nothing is sent, the connection stays good.
    ///
    /// - Parameters:
    ///   - message: lines that end in CRLF, dots not doubled. A missing last CRLF is added.
    ///   - connectionReused: an earlier mail went over this connection, or it lay idle.
    ///   - resetFirst: the earlier mail's dialogue said ``needsReset``.
    package init(
        _ envelope: Envelope, message: SurveyedMessage, extensions: RelayExtensions,
        timeouts: DialogueTimeouts, connectionReused: Bool, resetFirst: Bool
    ) {
        var envelope = envelope
        if !envelope.isASCII { envelope.needsSMTPUTF8 = true }
        var content: [UInt8] = []
        var phase = Phase.commands
        switch Self.prepare(envelope, message: message, extensions: extensions) {
        case .success(let bytes): content = bytes
        case .failure(let obstacle):
            phase = .ended(DialogueEnd(stage: .mail, cause: .unsupported(obstacle.text)))
        }
        self.init(
            plan: CommandPlan(envelope, extensions: extensions, resetFirst: resetFirst),
            content: content, timeouts: timeouts, isPipelined: extensions.pipelining,
            isReused: connectionReused, phase: phase, needsReset: resetFirst)
    }
}
