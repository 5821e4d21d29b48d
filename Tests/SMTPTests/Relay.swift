import Delivery
import SMTP

/// Plays the relay for a dialogue: answers given in advance, one for each reply that is waited for.
struct Relay {
    enum Answer: Hashable, Sendable {
        case say(String)
        case close
        case silence
    }

    var answers: [Answer]
    /// How much the connection takes at once, and in which pieces replies arrive.
    var pieces = Int.max
    var allowsDot = true
    /// Its commands go out behind the dot.
    var follower: Dialogue?
    /// So many of the last octets of a write are not taken.
    var leavesUnsent = 0
    /// Returns to the test when it has nothing left to say.
    var stopsAtSilence = false
    /// What was sent.
    private(set) var heard = ""
    /// How many writes were handed out, and the deadlines that were asked for.
    private(set) var writes: [String] = []
    private(set) var readTimeouts: [Duration] = []
    /// What had been sent when the dot was announced.
    private(set) var heardBeforeDot: String?

    init(_ answers: [Answer], pieces: Int = .max, allowsDot: Bool = true) {
        self.answers = answers
        self.pieces = pieces
        self.allowsDot = allowsDot
    }

    init(_ replies: String...) {
        self.init(replies.map { .say($0 + "\r\n") })
    }

    mutating func play(_ dialogue: inout Dialogue) -> DialogueEnd {
        while true {
            switch dialogue.next() {
            case .write(let bytes, _):
                let isBehindDot = dialogue.dotAnnounced && follower == nil
                let taken = bytes.prefix(pieces).dropLast(isBehindDot ? leavesUnsent : 0)
                writes.append(String(decoding: taken, as: UTF8.self))
                heard += String(decoding: taken, as: UTF8.self)
                dialogue.wrote(taken.count)
                // The relay is faster than the socket.
                if isBehindDot, leavesUnsent > 0 { answer(&dialogue) }
            case .read(let timeout):
                readTimeouts.append(timeout)
                if stopsAtSilence, answers.isEmpty {
                    return DialogueEnd(stage: dialogue.stage, cause: .abandoned("nothing to say"))
                }
                answer(&dialogue)
            case .announceDot:
                heardBeforeDot = heard
                let mayFollow = follower.map(dialogue.mayBeFollowed) ?? false
                dialogue.announced(allowsDot)
                if mayFollow, let next = follower {
                    dialogue.append(commandsOf: next)
                    follower = nil
                }
            case .end(let end):
                return end
            }
        }
    }

    private mutating func answer(_ dialogue: inout Dialogue) {
        switch answers.isEmpty ? .silence : answers.removeFirst() {
        case .say(let text):
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                dialogue.received(rest.prefix(pieces))
                rest = rest.dropFirst(pieces)
            }
        case .close: dialogue.closed("the relay closed the connection")
        case .silence: dialogue.timedOut()
        }
    }
}

extension Dialogue {
    /// A dialogue with everything filled in that a test does not care for.
    static func make(
        from: String = "support@example.org", to: String = "anna@example.com",
        size: Int? = nil, utf8: Bool = false, message: String = "Subject: x\r\n\r\nhello\r\n",
        offers: RelayExtensions = .pipelined, reused: Bool = false, reset: Bool = false,
        timeouts: DialogueTimeouts = DialogueTimeouts.usual
    ) -> Dialogue {
        let bytes = Array(message.utf8)
        return Dialogue(
            Envelope(from: from, recipient: to, size: size ?? bytes.count, needsSMTPUTF8: utf8),
            message: SurveyedMessage(bytes), extensions: offers, timeouts: timeouts,
            connectionReused: reused,
            resetFirst: reset)
    }
}

extension RelayExtensions {
    static var pipelined: RelayExtensions { RelayExtensions(ehloLines: ["mx", "PIPELINING"]) }
    static var plain: RelayExtensions { RelayExtensions() }
}

extension DialogueTimeouts {
    static let usual = DialogueTimeouts(command: .seconds(300), final: .seconds(600))
}
