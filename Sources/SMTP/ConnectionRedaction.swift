import Delivery
internal import FoundationEssentials

/// Takes secrets out of what is shown of a connection.
package struct ConnectionRedaction: Sendable {
    static let mark = SecretMask.mark
    private let passwords: [SecretMask]
    /// They come and go.
    private let tokens: AccessTokens?

    package init(_ settings: ConnectionSettings) {
        tokens = settings.tokens
        let known = [settings.password].compactMap(\.self) + settings.formerPasswords
        passwords = known.filter { !$0.revealed.isEmpty }.map { secret in
            let plain = "\u{0}\(settings.username ?? "")\u{0}\(secret.revealed)"
            let sent = [plain, secret.revealed].map { Data($0.utf8).base64EncodedString() }
            return SecretMask(secret.revealed, sentAs: sent)
        }
    }

    /// One for each secret that is known now.
    var masks: [SecretMask] {
        passwords + (tokens?.masks ?? [])
    }

    /// A command of ours.
    ///
    /// Of AUTH the mechanism is left; nothing of what follows it until the relay has decided.
    func command(_ line: String, isLoggingIn: Bool) -> String {
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        guard words.first?.uppercased() == "AUTH" else {
            return isLoggingIn && line != "*" ? Self.mark : text(line)
        }
        let start = words.prefix(2).joined(separator: " ")
        return words.count > 2 ? "\(start) \(Self.mark)" : start
    }

    /// A line of the relay's: a challenge may hold what was sent.
    func reply(_ line: String, isLoggingIn: Bool) -> String {
        guard isLoggingIn, line.hasPrefix("334"), line.utf8.count > 4 else { return text(line) }
        return "334 \(Self.mark)"
    }

    /// What is logged, kept and shown of a refusal.
    func trouble(_ trouble: RelayTrouble) -> RelayTrouble {
        var clean = trouble
        clean.error.text = text(trouble.error.text)
        return clean
    }

    /// Any text: some relays repeat what they refuse.
    package func text(_ text: String) -> String { masks.hide(in: text) }
}

extension [SecretMask] {
    func hide(in text: String) -> String { reduce(text) { $1.hide(in: $0) } }

    /// What the relay said at the end of a mail's dialogue.
    func hide(in end: DialogueEnd) -> DialogueEnd {
        guard !isEmpty else { return end }
        var clean = end
        switch end.cause {
        case .reply(var reply):
            reply.text = hide(in: reply.text)
            clean.cause = .reply(reply)
        case .garbled(let text): clean.cause = .garbled(hide(in: text))
        case .closed(let text): clean.cause = .closed(hide(in: text))
        case .timedOut, .unsupported, .abandoned: break
        }
        return clean
    }
}
