internal import Delivery
internal import SMTP

/// Whether there is an access token, from where, and for how long.
struct TokenCheck {
    typealias Finding = CheckReport.Finding

    var tokens: AccessTokens

    /// Reads the file, or asks the server; the connection that follows uses what was fetched.
    func finding() -> Finding {
        do throws(RelayTrouble) {
            try tokens.prepare()
            return Finding(.credentials, .info, words)
        } catch {
            let gate = LoginGate(usesToken: true, fetches: isFetched)
            let advice = gate.advice(error.error).map { "; \($0)" } ?? ""
            return Finding(.credentials, .fail, "\(error.error.line)\(advice)")
        }
    }

    private var isFetched: Bool {
        if case .client = tokens.source { true } else { false }
    }

    private var words: String {
        guard isFetched else {
            return "a token lies in \(tokens.place), which is read for each connection"
        }
        let life = tokens.remaining.map { ", good for \(TimeText.length($0))" } ?? ""
        return "a token was fetched from \(tokens.place)\(life)"
    }
}
