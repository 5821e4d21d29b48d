internal import Mail
internal import Store

/// Whom a helpdesk's mails are from, and where their bounces may go, whomever they are to.
struct SenderChoice {
    private let mailbox: Mailbox
    private let bounceAddresses: [EmailAddress]

    /// nil if there is no usable sender.
    init?(_ helpdesk: Helpdesk?, from: Mailbox?, bounceAddress: EmailAddress?) {
        if let helpdesk {
            guard let address = EmailAddress.usable(helpdesk.fromAddress) else { return nil }
            mailbox = Mailbox(name: helpdesk.name, address: address)
        } else if let from, let address = from.address.onTheWire() {
            mailbox = Mailbox(name: from.name, address: address)
        } else {
            return nil
        }
        let own = helpdesk?.bounceAddress.flatMap(EmailAddress.usable)
        bounceAddresses = [own, bounceAddress?.onTheWire()].compactMap(\.self)
    }

    func sender(to recipient: EmailAddress?) -> Sender {
        let needsSMTPUTF8 = !mailbox.address.isASCII || recipient?.isASCII == false
        let bounce = bounceAddresses.first { needsSMTPUTF8 || $0.isASCII }
        return Sender(mailbox: mailbox, envelope: bounce ?? mailbox.address)
    }
}
