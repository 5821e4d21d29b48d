internal import Delivery
internal import Store

/// How a dialogue about a mail ended, as a label.
package enum DeliveryOutcome: String, Sendable, CaseIterable {
    case sent, deferred, failed, uncertain
    /// Not this mail's fault: it goes back, and no attempt is counted.
    case returned

    init(_ outcome: FinishedMail.Outcome) {
        switch outcome {
        case .sent: self = .sent
        case .deferred, .faulty: self = .deferred
        case .failed: self = .failed
        case .uncertain: self = .uncertain
        case .returned: self = .returned
        }
    }
}
