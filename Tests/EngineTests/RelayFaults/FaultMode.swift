/// How the relay is spoken to.
enum FaultMode: String, CaseIterable, Sendable {
    /// In clear, a command at a time: the relay offers no PIPELINING.
    case plain
    /// In clear, MAIL, RCPT and DATA in one write.
    case pipelined
    /// In clear; the commands of each mail stand behind the final dot of the one before.
    case following
    /// STARTTLS is required; pipelined.
    case starttls = "STARTTLS"
    /// TLS from the first octet; pipelined.
    case implicit = "implicit TLS"

    var isTLS: Bool { self == .starttls || self == .implicit }

    var meaning: String {
        switch self {
        case .plain: "in clear, each command after the reply to the one before"
        case .pipelined: "in clear, MAIL, RCPT and DATA in one write (RFC 2920)"
        case .following: "the commands of the next mail behind each final dot, in the same write"
        case .starttls: "STARTTLS is required, then as pipelined"
        case .implicit: "TLS from the first octet, then as pipelined"
        }
    }
}
