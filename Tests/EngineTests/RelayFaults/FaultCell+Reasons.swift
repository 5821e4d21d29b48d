/// Why a combination is no case of its own.
extension FaultCell {
    /// Nil where it is one.
    var reason: String? { reasonOfMode ?? reasonOfTheWay ?? reasonOfStage }

    /// What the client is like decides.
    private var reasonOfMode: String? {
        switch (stage, mode) {
        case (.starttls, .plain), (.starttls, .pipelined), (.starttls, .following),
            (.starttls, .implicit):
            "STARTTLS is not said"
        case (.tls, .plain), (.tls, .pipelined), (.tls, .following): "there is no TLS"
        case (.connect, .starttls), (.connect, .implicit):
            "before the first octet all modes are the same: see plain"
        case (_, .pipelined) where stage.isBeforeMail, (_, .following) where stage.isBeforeMail:
            "PIPELINING and what follows it concern mails: see plain"
        case (.quit, .following): "QUIT is said when no mail waits: see pipelined"
        default: nil
        }
    }

    /// The faults of TLS and login have their places.
    private var reasonOfTheWay: String? {
        switch fault {
        case .wrongCertificate where stage != .tls, .expiredCertificate where stage != .tls:
            "certificates are shown at the TLS handshake"
        case .stripped where stage != .ehlo: "STARTTLS is offered in the reply to EHLO"
        case .stripped where mode != .starttls: "STARTTLS is not wanted"
        case .noAuth where stage != .ehlo: "AUTH is offered in the reply to EHLO"
        case .injected where stage != .starttls && stage != .tls:
            "what comes before or behind TLS: see STARTTLS and the TLS handshake"
        case .injected where mode == .implicit: "no clear text comes before TLS: see early reply"
        default: nil
        }
    }

    /// There is nothing to reply, or it is another cell's.
    private var reasonOfStage: String? {
        switch (stage, fault) {
        case (.connect, .reset), (.connect, .silent): nil
        case (.connect, .closed): "what is not there can't end: refused is the reset"
        case (.connect, _): "nothing is said before the connection stands"
        case (.starttls, .early): "this is clear text injected"
        case (.starttls, .cut): "220 and then an end: see the TLS handshake"
        case (.tls, .early) where mode == .starttls: "this is clear text injected"
        case (.data, .cut): "354 and then an end: see content"
        case (.content, .twoPieces): "no reply is due"
        case (.content, .cut): "no reply is due: see the final dot"
        case (.quit, .cut): "that is how QUIT ends"
        default: nil
        }
    }
}
