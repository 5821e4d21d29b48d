/// The name of somebody who writes, as mails show it.
enum PersonName {
    /// One line of at most 100 characters; nil if nothing is left that can be seen.
    static func clean(_ text: String?) -> String? {
        text.flatMap { OneLine.seen($0, limit: Mailbox.maximumNameLength) }
    }

    /// A name that a visitor has chosen: nil as well for what passes for an address or a link, which the
    /// reader would take for the sender's.
    static func visitor(_ text: String?, _ own: OwnDomains) -> String? {
        clean(text).flatMap { AddressLook.isIn(name: $0, own) ? nil : $0 }
    }
}
