/// What a relay does wrong: the columns of the table.
///
/// Two of them are not wrong (``twoPieces``, and ``refusedNow`` with ``refusedForGood``); they belong to what a relay
/// may do at any point.
enum RelayFault: String, CaseIterable, Sendable {
    case closed = "closes"
    case reset = "resets"
    case silent = "is silent"
    case closing = "421"
    case refusedNow = "4xx"
    case refusedForGood = "5xx"
    case garbage = "garbage"
    case endless = "endless lines"
    case drip = "an octet a second"
    case twoPieces = "two pieces"
    case early = "early reply"
    case cut = "good reply, cut"
    case wrongCertificate = "wrong certificate"
    case expiredCertificate = "expired certificate"
    case stripped = "STARTTLS stripped"
    case injected = "clear text injected"
    case noAuth = "AUTH not offered"

    /// What can be met at nearly every stage; the others belong to TLS and to the login.
    static let general = allCases.filter { !$0.isOfTheWay }

    var isOfTheWay: Bool {
        switch self {
        case .wrongCertificate, .expiredCertificate, .stripped, .injected, .noAuth: true
        default: false
        }
    }

    /// It ends when we have waited for long enough.
    var takesTime: Bool { self == .silent || self == .drip }

    /// What it is, for those who read the table.
    var meaning: String {
        switch self {
        case .closed: "ends the connection (FIN) instead of a reply"
        case .reset: "resets it (RST) instead of a reply"
        case .silent: "says nothing, and keeps the connection open"
        case .closing: "`421 4.3.2 Bye`, and the end of the connection"
        case .refusedNow: "`450 4.2.0 Later`; `454 4.7.0 Later` to STARTTLS and AUTH"
        case .refusedForGood: "`550 5.7.1 No`; `535 5.7.8 No` to AUTH"
        case .garbage: "`hello?`"
        case .endless: "`250-more`, over and over"
        case .drip: "`2`, over and over, and never the end of a line"
        case .twoPieces: "the right reply, in two pieces"
        case .early: "the right reply, and in the same piece the one to what we have not said yet"
        case .cut: "the right reply, and the end of the connection"
        case .wrongCertificate: "signed by whom we trust, for another host"
        case .expiredCertificate: "signed by whom we trust, until yesterday"
        case .stripped: "the reply to EHLO does not offer STARTTLS, which is required"
        case .injected:
            "a reply to EHLO in clear behind `220` to STARTTLS (CVE-2011-0411): in one piece with it, or, at the TLS "
                + "handshake, in a piece of its own"
        case .noAuth: "the reply to EHLO does not offer AUTH, and a user name is set"
        }
    }
}
