import Delivery
internal import FoundationEssentials

/// Takes secrets out of what is shown of a connection.
package struct ConnectionRedaction: Sendable {
    static let mark = SecretMask.mark
    /// What AUTH sends, however short the password is; the longest first, since one may hold another.
    private let sent: [String]
    private let password: SecretMask?
    /// They come and go.
    private let tokens: AccessTokens?

    package init(_ settings: ConnectionSettings) {
        tokens = settings.tokens
        guard let password = settings.password?.revealed, !password.isEmpty else {
            sent = []
            self.password = nil
            return
        }
        let plain = "\u{0}\(settings.username ?? "")\u{0}\(password)"
        sent = [plain, password].map { Data($0.utf8).base64EncodedString() }
        self.password = SecretMask(password)
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
    package func text(_ text: String) -> String {
        let harmless = sent.reduce(text) { $0.replacing($1, with: Self.mark) }
        let masks =
            [password].compactMap(\.self) + (tokens?.secrets ?? []).map { SecretMask($0.revealed) }
        return masks.reduce(harmless) { $1.hide(in: $0) }
    }
}
