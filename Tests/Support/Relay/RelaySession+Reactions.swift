/// What the script says is done here.
extension RelaySession {
    /// Answers a command, or an event without one, as the script says.
    func answer(_ command: RelayCommand) {
        if command.verb == .mail { messages += 1 }
        let standard = standardReply(to: command)
        perform(core.reaction(to: event(for: command)), command, standard)
    }

    private func event(for command: RelayCommand) -> RelayEvent {
        let address = command.path?.address
        return RelayEvent(
            verb: command.verb, line: command.line, connection: number,
            message: messages,
            sender: command.verb == .mail ? address : transaction?.sender,
            recipient: command.verb == .rcpt ? address : transaction?.recipients.last,
            messageID: transfer.flatMap { transfer in
                core.record.read { $0.transfers[transfer].messageID }
            })
    }

    private func perform(
        _ reaction: RelayReaction, _ command: RelayCommand, _ standard: RelayReply
    ) {
        switch reaction {
        case .normal: reply(standard, to: command)
        case .reply(let code, let text): reply(RelayReply(code, text), to: command)
        case .replyThenClose(let code, let text):
            reply(RelayReply(code, text), to: command)
            ending = .close
        case .raw(let octets):
            leaveUnanswered()
            send(octets)
        case .silence:
            leaveUnanswered()
            while fill() { input.drop(input.count) }
        case .flood(let text):
            leaveUnanswered()
            let octets = Array(String(repeating: text, count: (1 << 20) / text.utf8.count).utf8)
            while ending == nil {
                send(octets)
                flush()
            }
        case .drip(let text, let pause):
            leaveUnanswered()
            while ending == nil {
                send(Array(text.utf8))
                flush()
                guard listener.pause(pause) else { return end(.close) }
            }
        case .close: end(.close)
        case .reset: end(.reset)
        case .delay(let time, let next):
            flush()
            guard listener.pause(time) else { return end(.close) }
            perform(next, command, standard)
        case .hold(let gate, let next):
            flush()
            guard listener.pass(gate) else { return end(.close) }
            perform(next, command, standard)
        case .accept(let next):
            if let transfer { core.record.update { $0.accept(transfer) } }
            perform(next, command, standard)
        case .normalThenClose:
            reply(standard, to: command)
            ending = .close
        case .inTwoPieces(let pause): reply(standard, to: command, pause: pause)
        case .followed(let words): reply(standard, to: command, behind: words)
        case .midBody(let count, let next):
            readMidBody(count, command)
            perform(next, command, standard)
            while fill() { input.drop(input.count) }
        case .stall:
            leaveUnanswered()
            flush()
            _ = listener.pause(.seconds(3_600))
            end(.close)
        }
    }

    /// - Parameters:
    ///   - pause: between the first half of the reply and the second.
    ///   - words: what is said behind it.
    private func reply(
        _ reply: RelayReply, to command: RelayCommand, pause: Duration? = nil,
        behind words: String = ""
    ) {
        if command.verb == .dot { settle(code: reply.code) }
        let octets = octets(of: reply)
        if let pause {
            send(Array(octets.prefix(octets.count / 2)))
            flush()
            guard listener.pause(pause) else { return end(.close) }
            send(Array(octets.dropFirst(octets.count / 2)))
        } else {
            send(octets + Array(words.utf8))
        }
        // After the reply, since for DATA the effect is to read the whole message.
        if command.verb != .dot { takeEffect(of: command, code: reply.code) }
    }

    /// The record is right before the client can have read the reply.
    private func settle(code: Int) {
        guard let transfer else { return }
        core.record.update { record in
            switch (code / 100, record.transfers[transfer].outcome) {
            case (2, .accepted): record.transfers[transfer].isReplied = true
            case (2, _):
                record.accept(transfer)
                record.transfers[transfer].isReplied = true
            case (_, .accepted): break
            default: record.transfers[transfer].outcome = .refused(code)
            }
        }
        if code / 100 == 2 { sendsAcceptance(of: transfer) }
    }

    private func leaveUnanswered() {
        guard let transfer else { return }
        core.record.update { record in
            guard record.transfers[transfer].outcome == .pending else { return }
            record.transfers[transfer].outcome = .unanswered
        }
    }

    private func end(_ ending: Ending) {
        leaveUnanswered()
        self.ending = ending
    }

    private func readMidBody(_ count: Int, _ command: RelayCommand) {
        guard command.verb == .data else { return end(.close) }
        send(RelayReply(354, "Go ahead, but not for long"))
        while input.count < count && fill() {}
    }
}
