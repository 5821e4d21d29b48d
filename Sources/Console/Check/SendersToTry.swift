internal import Delivery
internal import Engine
internal import Mail
internal import Store

/// The envelope senders that mail would go out from, each once.
struct SendersToTry {
    struct Entry: Equatable {
        var address: EmailAddress
        /// `OUTBOXD_FROM`, or helpdesks by their ids.
        var whose: [String]
    }

    private(set) var senders: [Entry] = []
    /// Helpdesks whose `from_address` can't be used.
    private(set) var unusable: [String] = []
    /// There are more than are tried.
    private(set) var hasMore = false

    static let most = 50
    /// Helpdesks that are read for it.
    static let mostHelpdesks = 500

    /// - Parameter helpdesks: At most ``mostHelpdesks``.
    init(from: Mailbox?, bounceAddress: EmailAddress?, helpdesks: [Helpdesk]) {
        if let from,
            let sender = Sender.resolve(nil, from: from, bounceAddress: bounceAddress)
        {
            add(sender.envelope, "OUTBOXD_FROM")
        }
        for helpdesk in helpdesks {
            let sender = Sender.resolve(
                helpdesk, from: nil, bounceAddress: bounceAddress)
            if let sender {
                add(sender.envelope, "helpdesk \(helpdesk.id)")
            } else {
                unusable.append(helpdesk.id)
            }
        }
        hasMore = hasMore || helpdesks.count >= Self.mostHelpdesks
    }

    private mutating func add(_ address: EmailAddress, _ whose: String) {
        let text = AddressText.normalized(address.description)
        if let index = senders.firstIndex(where: {
            AddressText.normalized($0.address.description) == text
        }) {
            senders[index].whose.append(whose)
        } else if senders.count < Self.most {
            senders.append(Entry(address: address, whose: [whose]))
        } else {
            hasMore = true
        }
    }
}

extension SendersToTry.Entry {
    /// `help@acme.test (OUTBOXD_FROM, helpdesk acme)`.
    var text: String {
        let shown = whose.prefix(3).joined(separator: ", ")
        return "\(address) (\(shown)\(whose.count > 3 ? " and \(whose.count - 3) more" : ""))"
    }
}
