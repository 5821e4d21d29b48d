import Delivery

/// What each reply means where it comes.
extension Dialogue {
    mutating func take(_ event: ReplyReader.Event) {
        switch (event, phase) {
        case (.garbled(let text), _): fail(.garbled(text))
        case (.reply(let reply), .commands): takeInCommands(reply)
        case (.reply(let reply), .body): takeInBody(reply)
        case (.reply(let reply), .dot): takeAfterDot(reply)
        case (.reply(let reply), .emptyMessage): takeAfterEmptyMessage(reply)
        case (.reply, .ended): break
        }
    }

    private mutating func takeInCommands(_ reply: SMTPReply) {
        // 421 may come at any time, asked or not (RFC 5321, section 3.8).
        if reply.code == 421 { return fail(.reply(reply)) }
        guard written >= plan.ends[answered] else { return unexpected(reply) }
        switch plan.steps[answered] {
        case .reset: takeReset(reply)
        case .mail, .rcpt: takeAddress(reply)
        case .data: takeData(reply)
        }
    }

    /// A relay that refuses RSET has lost the thread on this connection.
    ///
    /// The mail can't help that.
    private mutating func takeReset(_ reply: SMTPReply) {
        guard reply.isPositive else {
            return fail(.closed("the relay refused RSET: \(reply.code) \(reply.text)"))
        }
        advance()
    }

    private mutating func takeAddress(_ reply: SMTPReply) {
        switch reply.code / 100 {
        case 2:
            if stage == .rcpt { recipientTaken = true }
            advance()
        case 5 where isBehindRefusal && stage == .mail && reply.code == 503:
            hasLostCount = true
            fail(.closed("the relay lost count behind a refused mail: 503 \(reply.text)"))
        case 4, 5:
            refusal = refusal ?? (stage, reply)
            if isPipelined { advance() } else { endRefused() }
        default: unexpected(reply)
        }
    }

    private mutating func takeData(_ reply: SMTPReply) {
        switch reply.code {
        case 354: enterContent(reply)
        case 400...599:
            refusal = refusal ?? (.data, reply)
            endRefused()
        default: unexpected(reply)
        }
    }

    /// 354: the relay waits for a message, also where it refused the recipient (RFC 2920, 3.1).
    private mutating func enterContent(_ reply: SMTPReply) {
        // What came with it would be taken for the reply to the dot.
        guard reader.isEmpty else { return fail(.garbled("more than one reply to DATA")) }
        written = 0
        if refusal == nil {
            phase = .body
        } else if !recipientTaken {
            phase = .emptyMessage
        } else {
            // The sender was refused, the recipient was not, and would get an empty mail.
            fail(.garbled("DATA was taken although MAIL was refused"))
        }
    }

    /// Before the end of the message a relay has nothing to say but that it gives up.
    private mutating func takeInBody(_ reply: SMTPReply) {
        reply.code >= 400 ? fail(.reply(reply)) : unexpected(reply)
    }

    private mutating func takeAfterDot(_ reply: SMTPReply) {
        let isComplete = content.count - written <= follower.octets
        switch reply.code / 100 {
        case 2 where isComplete:
            needsReset = false
            finish(.final, .reply(reply), isUsable: true)
        case 4, 5:
            needsReset = true
            finish(.final, .reply(reply), isUsable: isComplete && reply.code != 421)
        default: unexpected(reply)
        }
    }

    /// The mail was refused before; here only the connection is decided.
    private mutating func takeAfterEmptyMessage(_ reply: SMTPReply) {
        let isAnswered = written == Self.emptyMessage.count && reply.code != 421
        if isAnswered, !(300...399).contains(reply.code) {
            endRefused()
        } else {
            unexpected(reply)
        }
    }

    private mutating func advance() {
        answered += 1
        // What came with it was said before its command.
        if written < plan.ends[answered], !reader.isEmpty {
            fail(.garbled("more than one reply to a command"))
        }
    }

    private mutating func endRefused() {
        guard let refusal else { return }
        needsReset = true
        finish(refusal.stage, .reply(refusal.reply), isUsable: true)
    }

    private mutating func unexpected(_ reply: SMTPReply) {
        fail(.garbled(ReplyText.clean("\(reply.code) \(reply.text)".utf8, limit: 200)))
    }
}
