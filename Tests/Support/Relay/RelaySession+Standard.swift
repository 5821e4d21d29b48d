/// What a correct server answers. Nothing here changes the state of the dialogue, AUTH apart.
extension RelaySession {
    func standardReply(to command: RelayCommand) -> RelayReply {
        if isTurnedAway && command.verb != .quit { return badSequence("no service here") }
        switch command.verb {
        case .connect: return RelayReply(220, "\(configuration.name) ESMTP scripted")
        case .ehlo, .helo: return greeting(command)
        case .starttls: return startTLSReply
        case .auth: return authenticate(command)
        case .mail: return mailReply(command)
        case .rcpt: return recipientReply(command)
        case .data: return dataReply(command)
        case .dot:
            return isOversized
                ? RelayReply(552, "5.3.4", "Message too big")
                : RelayReply(250, "2.0.0", "Ok: queued as \(number).\(messages)")
        case .rset: return RelayReply(250, "2.0.0", "Ok")
        case .noop: return RelayReply(250, "2.0.0", "Ok")
        case .quit: return RelayReply(221, "2.0.0", "Bye")
        case .other: return otherReply(command)
        }
    }

    func badSequence(_ text: String) -> RelayReply { RelayReply(503, "5.5.1", text) }

    private var startTLSReply: RelayReply {
        guard configuration.extensions.contains(.startTLS), !isInTLS else { return notImplemented }
        return configuration.isBehindTLSFront
            ? RelayReply(220, "2.0.0", "Go ahead") : RelayReply(454, "4.7.0", "TLS not available")
    }

    private var notImplemented: RelayReply { RelayReply(502, "5.5.1", "Not implemented") }

    private func greeting(_ command: RelayCommand) -> RelayReply {
        guard !command.argument.isEmpty else { return RelayReply(501, "5.5.4", "Who is there?") }
        let keywords = command.verb == .ehlo ? configuration.keywords(inTLS: isInTLS) : []
        return RelayReply(250, ([configuration.name] + keywords).joined(separator: "\n"))
    }

    private func mailReply(_ command: RelayCommand) -> RelayReply {
        guard isGreeted else { return badSequence("say EHLO first") }
        guard transaction == nil else { return badSequence("nested MAIL") }
        if configuration.requiresAuthentication && user == nil {
            return RelayReply(530, "5.7.0", "Authentication required")
        }
        guard let path = command.path else { return RelayReply(501, "5.1.7", "Bad sender syntax") }
        for parameter in path.parameters {
            if let refusal = refusal(of: parameter) { return refusal }
        }
        if !path.address.utf8.allSatisfy({ $0 < 128 }) && !path.parameters.contains("SMTPUTF8") {
            return RelayReply(553, "5.6.7", "SMTPUTF8 needed")
        }
        return RelayReply(250, "2.1.0", "Ok")
    }

    /// RFC 5321, section 4.1.1.11: only parameters of extensions that were offered.
    private func refusal(of parameter: String) -> RelayReply? {
        let parts = parameter.uppercased().split(separator: "=", maxSplits: 1)
        let offered = isExtended ? configuration.extensions : []
        switch (parts.first ?? "", parts.count) {
        case ("SIZE", 2) where offered.contains(.size):
            guard let size = Int(parts[1]) else { return RelayReply(501, "5.5.4", "Bad SIZE") }
            return size > configuration.sizeLimit
                ? RelayReply(552, "5.3.4", "Message too big") : nil
        case ("BODY", 2) where offered.contains(.eightBitMIME):
            return ["7BIT", "8BITMIME"].contains(parts[1])
                ? nil : RelayReply(501, "5.5.4", "Bad BODY")
        case ("SMTPUTF8", 1) where offered.contains(.smtpUTF8): return nil
        case ("AUTH", 2) where configuration.credentials != nil: return nil
        default: return RelayReply(555, "5.5.4", "Unsupported parameter")
        }
    }

    private func recipientReply(_ command: RelayCommand) -> RelayReply {
        guard let transaction else { return badSequence("say MAIL first") }
        guard let path = command.path, !path.address.isEmpty else {
            return RelayReply(501, "5.1.3", "Bad recipient syntax")
        }
        guard path.parameters.isEmpty else {
            return RelayReply(555, "5.5.4", "Unsupported parameter")
        }
        if !path.address.utf8.allSatisfy({ $0 < 128 })
            && !transaction.parameters.contains("SMTPUTF8")
        {
            return RelayReply(553, "5.6.7", "SMTPUTF8 needed")
        }
        return RelayReply(250, "2.1.5", "Ok")
    }

    private func dataReply(_ command: RelayCommand) -> RelayReply {
        guard let transaction else { return badSequence("say MAIL first") }
        guard !transaction.recipients.isEmpty else {
            return RelayReply(554, "5.5.1", "No valid recipients")
        }
        guard command.argument.isEmpty else { return RelayReply(501, "5.5.4", "DATA alone") }
        return RelayReply(354, "End with a dot on a line of its own")
    }

    private func otherReply(_ command: RelayCommand) -> RelayReply {
        switch command.line.split(separator: " ").first?.uppercased() {
        case "VRFY": RelayReply(252, "2.0.0", "Try to send something")
        case "MAIL", "RCPT": RelayReply(501, "5.5.4", "Syntax error")
        default: RelayReply(500, "5.5.2", "Unknown command")
        }
    }
}
