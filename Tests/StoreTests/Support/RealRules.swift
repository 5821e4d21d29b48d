import Delivery
import Mail
import SMTP
import Store

@testable import Engine

extension IngestRules {
    /// A hold of a minute; `not-an-address` is none.
    static var usual: IngestRules {
        IngestRules(
            normalize: AddressText.normalized,
            dueAt: { created, isInstant in isInstant ? created : created + .seconds(60) },
            fault: {
                $0.recipientEmail == "not-an-address"
                    ? (FailReason.invalidAddress, "recipient_email: no @") : nil
            })
    }
}

/// The engine's own rules, with the settings that the tests of the store take for granted.
struct RealRules {
    static let sender = "support@acme.test"
    private let rules: ClaimRules

    static func settings() throws -> EngineSettings {
        EngineSettings(
            database: "unused",
            relay: ConnectionSettings(host: "relay.test", port: 25, tls: .none),
            dialogueTimeouts: DialogueTimeouts(command: .seconds(300), final: .seconds(600)),
            connections: 4, from: try Mailbox(parsing: "Acme <\(Self.sender)>"),
            bounceAddress: nil, hold: HoldPolicy(), pollInterval: .seconds(1),
            retry: RetryPolicy(base: .seconds(30), cap: .seconds(3_600)),
            expiry: Expiry(after: .seconds(3 * 86_400)), maxAge: nil, onUncertain: .resend,
            stopTimeout: .seconds(8), lease: .seconds(120), rate: nil,
            idempotencyHeader: nil, retention: nil)
    }

    init(at now: WallTime, ignoresHold: Bool = false) throws {
        rules = ClaimRules(
            settings: try Self.settings(), ignoresHold: ignoresHold, now: now, nonce: 1)
    }

    func decide(_ candidate: Candidate) -> ClaimDecision { rules.decide(candidate) }
    func review(_ candidate: Candidate) -> ReviewDecision { rules.review(candidate) }
}

extension DeliveryError {
    static let noSuchMailbox = DeliveryError(
        stage: .rcpt, code: 550, enhanced: EnhancedStatusCode(5, 1, 1), text: "no such user")
    static let spam = DeliveryError(
        stage: .final, code: 554, enhanced: EnhancedStatusCode(5, 7, 1), text: "looks like spam")
    static let later = DeliveryError(
        stage: .rcpt, code: 450, enhanced: EnhancedStatusCode(4, 2, 0), text: "greylisted")
    static let silence = DeliveryError(stage: .final, text: "no reply within 600 s")
}

extension FrozenMail {
    static func sample(_ text: String = "Subject: hi\r\n\r\nhi\r\n") -> FrozenMail {
        FrozenMail(
            envelopeSender: "bounce@acme.test", envelopeRecipient: "ann@example.test",
            needsSMTPUTF8: false, message: Array(text.utf8))
    }
}
