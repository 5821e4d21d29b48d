import Delivery

/// Where the relay goes wrong: the rows of the table, in the order of a connection's life.
enum FaultStage: String, CaseIterable, Sendable {
    case connect
    case greeting
    case ehlo = "EHLO"
    case starttls = "STARTTLS"
    case tls = "TLS handshake"
    case auth = "AUTH"
    case mail = "MAIL"
    case rcpt = "RCPT"
    case data = "DATA"
    /// Between 354 and the final dot; the mail is larger than all buffers on the way.
    case content
    case dot = "final dot"
    /// The mail behind: on a connection that has carried one, or with its commands behind a final dot.
    case next = "the next mail"
    case quit = "QUIT"

    /// The connection is not ready for mail yet.
    var isBeforeMail: Bool { stage?.isBeforeMail == true }

    /// Where an error of this stage is said to be, unless the table says otherwise.
    var stage: Stage? {
        switch self {
        case .connect: .connect
        case .greeting: .greeting
        case .ehlo: .ehlo
        case .starttls: .starttls
        case .tls: .tls
        case .auth: .auth
        case .mail, .next: .mail
        case .rcpt: .rcpt
        case .data: .data
        case .content: .body
        case .dot: .final
        case .quit: nil
        }
    }
}
