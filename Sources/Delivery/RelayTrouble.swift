/// Trouble of the relay's own, or with the way to it: no mail is to blame for it.
package struct RelayTrouble: Error, Hashable, Sendable {
    package enum Kind: String, Sendable {
        /// Passes by itself: refused, timed out, 421, a greeting that is no 2xx.
        case outage
        /// Somebody has to act: credentials, certificates, STARTTLS missing. Probed rarely, since
        /// failed logins lock accounts.
        case credentials
    }
    package var kind: Kind
    package var error: DeliveryError

    package init(kind: Kind, error: DeliveryError) {
        self.kind = kind
        self.error = error
    }
}
