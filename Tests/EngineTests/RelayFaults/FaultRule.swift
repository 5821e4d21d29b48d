import Synchronization
import TestSupport

/// Makes a ``ScriptedRelay`` go wrong once, as a cell wants it, and notes on which connection.
final class FaultRule: Sendable {
    /// The mail that meets it, in the order of MAIL commands.
    private let mail: Int
    private let cell: FaultCell
    private let seen = Atomic(0)
    private let metOn = Monitor<Int?>(nil)

    init(_ cell: FaultCell) {
        self.cell = cell
        mail = cell.mode == .following ? 3 : (cell.stage == .next ? 2 : 1)
    }

    /// The relay's connection on which it went wrong; nil before.
    var connection: Int? { metOn.read { $0 } }

    func wait() -> Bool { metOn.wait(timeout: .seconds(20)) { $0 != nil } }

    var rule: RelayRule {
        RelayRule { [self] event in
            guard let verb, event.verb == verb,
                seen.add(1, ordering: .relaxed).newValue == number
            else { return nil }
            metOn.update { $0 = event.connection }
            return cell.stage == .content ? .midBody(afterBytes: 1_000, then: reaction) : reaction
        }
    }

    /// Nil where the relay is not asked: it goes wrong before it is reached.
    private var verb: RelayEvent.Verb? {
        switch cell.stage {
        case .connect, .tls: nil
        case .greeting: .connect
        case .ehlo: .ehlo
        case .starttls: .starttls
        case .auth: .auth
        case .mail: .mail
        case .rcpt: .rcpt
        case .data, .content: .data
        case .dot: .dot
        case .next: cell.mode == .following ? .dot : .mail
        case .quit: .quit
        }
    }

    /// At which event of that kind.
    private var number: Int {
        switch cell.stage {
        // AUTH is offered within TLS.
        case .ehlo: cell.fault == .noAuth && cell.mode == .starttls ? 2 : 1
        case .mail, .rcpt, .data, .content, .dot, .next: mail
        case .connect, .greeting, .starttls, .tls, .auth, .quit: 1
        }
    }

    private var reaction: RelayReaction {
        let isAsked = cell.stage == .auth || cell.stage == .starttls
        return switch cell.fault {
        case .closed: .close
        case .reset: .reset
        case .silent: cell.stage == .content ? .stall : .silence
        // With the rest of the content unread an end would be a reset, which may overtake the reply.
        case .closing where cell.stage == .content: .reply(421, "4.3.2 Bye")
        case .closing: .replyThenClose(421, "4.3.2 Bye")
        case .refusedNow: isAsked ? .reply(454, "4.7.0 Later") : .reply(450, "4.2.0 Later")
        case .refusedForGood:
            cell.stage == .auth ? .reply(535, "5.7.8 No") : .reply(550, "5.7.1 No")
        case .garbage: .raw("hello?\r\n")
        case .endless: .flood("250-more\r\n")
        case .drip: .drip("2", every: .milliseconds(20))
        case .twoPieces: .inTwoPieces(pause: .milliseconds(3))
        case .early where cell.stage == .content: .raw("250 2.0.0 Early\r\n")
        case .early: .followed(by: earlyReply)
        case .cut: .normalThenClose
        case .stripped: .reply(250, "relay.test\nPIPELINING\nAUTH PLAIN")
        case .injected: .followed(by: FaultRule.injection)
        case .noAuth: .reply(250, "relay.test\nPIPELINING\nSTARTTLS")
        case .wrongCertificate, .expiredCertificate: .normal
        }
    }

    static let injection = "250-relay.test\r\n250 AUTH PLAIN\r\n"

    /// To what the client says next.
    private var earlyReply: String {
        switch cell.stage {
        case .ehlo where cell.mode == .starttls: "220 2.0.0 Early\r\n"
        case .ehlo: "235 2.7.0 Early\r\n"
        case .rcpt: "354 Early\r\n"
        default: "250 2.0.0 Early\r\n"
        }
    }
}

extension FaultCell {
    /// What goes wrong in front of the relay.
    var tlsFault: TLSFront.Fault {
        guard stage == .tls else { return .none }
        return switch fault {
        case .closed: .close
        case .reset: .reset
        case .silent: .silence
        case .closing: .say("421 4.3.2 Bye\r\n")
        case .refusedNow: .say("450 4.2.0 Later\r\n")
        case .refusedForGood: .say("550 5.7.1 No\r\n")
        case .garbage: .say("hello?\r\n")
        case .endless: .flood("250-more\r\n")
        case .drip: .drip
        case .twoPieces: .inTwoPieces
        case .early: .sayEarly("220 relay.test ESMTP\r\n")
        case .injected: .sayEarly(FaultRule.injection)
        case .cut: .cut
        case .wrongCertificate: .wrongCertificate
        case .expiredCertificate: .expiredCertificate
        case .stripped, .noAuth: .none
        }
    }
}
