/// Where the time went, as Postfix's `delays=a/b/c/d` tells it.
package struct Delays: Sendable {
    /// From the oldest reply to the claim: the hold, mostly.
    package var beforeClaim: Duration = .zero
    /// From the claim to the first command.
    package var queued: Duration = .zero
    /// Connecting, TLS, EHLO, AUTH; zero on a connection that was open.
    package var connecting: Duration = .zero
    /// From MAIL to the final reply.
    package var transmitting: Duration = .zero
    /// The part of it from the final dot to its reply; nil if the dialogue did not get so far.
    package var final: Duration?
    /// From the moment that the mail was due to MAIL; nil if it was tried before.
    package var late: Duration?
    /// It did not wait for a hold.
    package var isInstant = false

    package var total: Duration { beforeClaim + queued + connecting + transmitting }
}
