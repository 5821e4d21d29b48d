import Foundation

/// AUTH PLAIN (RFC 4616), AUTH LOGIN, XOAUTH2 and OAUTHBEARER (RFC 7628), by RFC 4954.
extension RelaySession {
    /// Leads the exchange to its end and says what a correct server answers.
    func authenticate(_ command: RelayCommand) -> RelayReply {
        guard isGreeted, user == nil, transaction == nil else { return badSequence("not now") }
        guard let credentials = configuration.credentials else {
            return RelayReply(502, "5.5.1", "AUTH is not offered")
        }
        let parts = command.argument.split(separator: " ", maxSplits: 1).map(String.init)
        let mechanism = parts.first?.uppercased() ?? ""
        guard configuration.mechanisms.contains(mechanism) else {
            return RelayReply(504, "5.5.4", "Unknown mechanism")
        }
        let initial = parts.count > 1 ? parts[1] : nil
        let claim: RelayConfiguration.Credentials?
        switch mechanism {
        case "PLAIN": claim = plain(initial)
        case "LOGIN": claim = login(initial)
        case "XOAUTH2", "OAUTHBEARER": return token(initial, mechanism)
        default: return RelayReply(504, "5.5.4", "Unknown mechanism")
        }
        guard let claim else { return RelayReply(501, "5.5.2", "Malformed or cancelled") }
        guard claim == credentials else { return RelayReply(535, "5.7.8", "Wrong credentials") }
        return RelayReply(235, "2.7.0", "Welcome")
    }

    private func plain(_ initial: String?) -> RelayConfiguration.Credentials? {
        guard let response = initial ?? ask("") else { return nil }
        guard let octets = Data(base64Encoded: response) else { return nil }
        let parts = octets.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        return .init(
            user: String(decoding: parts[1], as: UTF8.self),
            password: String(decoding: parts[2], as: UTF8.self))
    }

    private func login(_ initial: String?) -> RelayConfiguration.Credentials? {
        guard let user = decoded(initial ?? ask("Username:")),
            let password = decoded(ask("Password:"))
        else { return nil }
        return .init(user: user, password: password)
    }

    /// A token is refused with a challenge that tells why.
    private func token(_ initial: String?, _ mechanism: String) -> RelayReply {
        guard let text = decoded(initial ?? ask("")) else {
            return RelayReply(501, "5.5.2", "Malformed or cancelled")
        }
        let fields = text.split(separator: "\u{1}").map(String.init)
        let user = configuration.credentials?.user ?? ""
        let isUser =
            mechanism == "XOAUTH2"
            ? fields.first == "user=\(user)" : fields.first?.hasPrefix("n,a=\(user),") == true
        let token = fields.first { $0.hasPrefix("auth=Bearer ") }?.dropFirst(12)
        if isUser, let token, configuration.tokens.contains(String(token)) {
            return RelayReply(235, "2.7.0", "Welcome")
        }
        guard ask(#"{"status":"401","schemes":"bearer","scope":"mail"}"#) != nil else {
            return RelayReply(501, "5.5.2", "Cancelled")
        }
        return RelayReply(535, "5.7.8", "The token is not accepted")
    }

    /// Sends a challenge and reads the response; nil if the client cancels it or is gone.
    private func ask(_ challenge: String) -> String? {
        send(RelayReply(334, Data(challenge.utf8).base64EncodedString()))
        guard let line = nextLine(), line != "*" else { return nil }
        noteCommand(RelayCommand(continuing: .auth, line: line))
        return line
    }

    private func decoded(_ response: String?) -> String? {
        response.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) }
    }
}
