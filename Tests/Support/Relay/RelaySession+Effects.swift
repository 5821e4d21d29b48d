/// What the replies of a relay do to the state of its dialogue.
extension RelaySession {
    /// Moves the dialogue on as the code of the reply says.
    func takeEffect(of command: RelayCommand, code: Int) {
        let isPositive = code / 100 == 2
        switch command.verb {
        case .connect: isTurnedAway = !isPositive
        case .ehlo, .helo:
            guard isPositive else { return }
            isGreeted = true
            isExtended = command.verb == .ehlo
            transaction = nil
            core.record.update { $0.connections[number - 1].greetedAs = command.argument }
        case .mail:
            guard isPositive, let path = command.path else { return }
            transaction = Transaction(
                sender: path.address, parameters: path.parameters, mailAt: .now)
        case .rcpt:
            guard isPositive, let path = command.path else { return }
            transaction?.recipients.append(path.address)
        case .data:
            if code == 354 { readMessage() }
        case .rset:
            if isPositive { transaction = nil }
        case .quit: ending = .close
        case .auth:
            if code == 235 { user = configuration.credentials?.user }
        case .starttls: if code == 220 { beginTLS() }
        case .dot, .noop, .other: break
        }
    }

    /// What was said before counts no more (RFC 3207, section 4.2).
    private func beginTLS() {
        (isInTLS, isGreeted, isExtended) = (true, false, false)
        transaction = nil
    }

    private func readMessage() {
        var reader = MessageReader(limit: configuration.sizeLimit)
        while !reader.consume(input) {
            guard input.count <= configuration.sizeLimit else { return ending = .close }
            guard fill() else { return }
        }
        checkSendingAhead(of: .dot)
        isOversized = reader.isTooLong
        transfer = noteTransfer(reader.message)
        answer(RelayCommand(.dot))
        transfer = nil
        transaction = nil
    }

    private func noteTransfer(_ data: [UInt8]) -> Int {
        let mail = ReceivedMail(
            connection: number, message: messages, sender: transaction?.sender ?? "",
            mailParameters: transaction?.parameters ?? [],
            recipients: transaction?.recipients ?? [], user: user,
            mailAt: transaction?.mailAt ?? .now, dotAt: .now, data: data,
            messageID: MessageLines.messageID(of: data))
        return core.record.update { record in
            record.transfers.append(mail)
            return record.transfers.count - 1
        }
    }

    func noteCommand(_ command: RelayCommand) {
        let at = TestClock.steady
        core.record.update {
            $0.commands.append(
                .init(verb: command.verb, line: command.line, connection: number, at: at))
        }
        checkSendingAhead(of: command.verb)
    }

    /// RFC 2920, section 3.1: what may be followed by more before its reply has come.
    private func checkSendingAhead(of verb: RelayEvent.Verb) {
        let mayBeFollowed: Bool
        switch verb {
        case .mail, .rcpt, .rset, .dot:
            mayBeFollowed = isExtended && configuration.extensions.contains(.pipelining)
        default: mayBeFollowed = false
        }
        if !mayBeFollowed && isInputWaiting { note(breach: "sent ahead of the reply to \(verb)") }
    }
}
