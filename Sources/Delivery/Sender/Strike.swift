/// A refusal that is held against somebody until it is settled whose fault it was.
package struct Strike: Hashable, Sendable {
    package var mail: Int64
    /// The From address, normalized.
    package var sender: String
    package var kind: RefusalKind
    /// The relay has accepted another sender's mail since: it is not the relay's fault.
    package var isRelayCleared: Bool

    package init(
        mail: Int64, sender: String, kind: RefusalKind, isRelayCleared: Bool = false
    ) {
        self.mail = mail
        self.sender = sender
        self.kind = kind
        self.isRelayCleared = isRelayCleared
    }
}
