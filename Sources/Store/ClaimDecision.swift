package import Delivery

/// What to do with a ``Candidate``.
package struct ClaimDecision: Sendable {
    package enum Step: Sendable {
        /// Claim it, with these rows; other open rows become a mail of their own.
        case send(rows: [Int64], sender: String, emailMessageID: String)
        /// Not yet.
        case wait(until: WallTime)
        /// Until the sender can be used; its address where there is one.
        case waitForSender(String?)
        /// No open row is left.
        case finish
    }
    package var step: Step
    package var skipped: [Skip]

    var isSending: Bool {
        if case .send = step { true } else { false }
    }

    package init(_ step: Step, skipped: [Skip] = []) {
        self.step = step
        self.skipped = skipped
    }
}
