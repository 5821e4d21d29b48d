internal import Delivery
package import Mail
internal import SMTP
package import Store

/// Whom a mail is from: in its header, and on its envelope.
package struct Sender: Sendable {
    package var mailbox: Mailbox
    /// Where bounces go (MAIL FROM).
    ///
    /// Never empty: a null reverse-path is for bounces themselves (RFC 5321, section 4.5.5).
    package var envelope: EmailAddress

    /// nil if there is no usable sender: the row waits until there is one.
    ///
    /// A helpdesk's own address is not replaced by another where it is unusable: its users would not
    /// know who writes.
    ///
    /// - Parameter recipient: Where neither it nor From needs SMTPUTF8, which many relays lack, no bounce address makes
    ///   the mail need it.
    package static func resolve(
        _ helpdesk: Helpdesk?, from: Mailbox?, bounceAddress: EmailAddress?,
        recipient: EmailAddress? = nil
    ) -> Sender? {
        SenderChoice(helpdesk, from: from, bounceAddress: bounceAddress)?.sender(to: recipient)
    }
}

extension EmailAddress {
    /// The address as it goes over the wire; nil if it is none.
    static func usable(_ text: String) -> EmailAddress? {
        do {
            return try EmailAddress(text).onTheWire()
        } catch {
            // What is wrong with it is said where the address is the row's own; here the answer is
            // only that it can't be used.
            return nil
        }
    }

    /// With an internationalised domain as A-labels (RFC 5891), which every relay takes; nil if
    /// the domain has no such form.
    package func onTheWire() -> EmailAddress? {
        if isASCII { return self }
        if domain.utf8.allSatisfy({ $0 < 0x80 }) { return self }
        guard let ascii = IDNA.asciiDomain(domain) else { return nil }
        do {
            return try withDomain(ascii)
        } catch {
            return nil  // Too long in this form: it can't be used.
        }
    }
}
