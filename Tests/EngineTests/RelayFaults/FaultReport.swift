import Delivery
import TestSupport

@testable import Engine

/// What became of a cell that was played.
struct FaultReport: Sendable {
    var outcome: FaultOutcome
    /// What must not happen whatever the relay does.
    var breaches: [String] = []
    /// The relay came to the point where it is to go wrong.
    var wasMet = true

    /// How the cell differs from what is written of it; empty where it does not.
    func differences(from expected: FaultOutcome, at stage: FaultStage) -> [String] {
        var found = breaches
        if outcome.word != expected.word { found.append("\(outcome.word), not \(expected.word)") }
        let place = expected.reads.isEmpty ? nil : expected.stage ?? stage.stage
        if outcome.stage != place, place == nil || outcome.stage != expected.otherStage {
            found.append(
                "at \(outcome.stage?.rawValue ?? "none"), not \(place?.rawValue ?? "none")")
        }
        let isRead =
            expected.reads.isEmpty ? outcome.reads.isEmpty : outcome.reads.hasPrefix(expected.reads)
        if !isRead { found.append("“\(outcome.reads)”, not “\(expected.reads)”") }
        return found
    }
}

extension FaultOutcome {
    /// By what the sending thread hands over; nil if the mail was not begun.
    ///
    /// - Parameter isElsewhere: it was accepted over another connection than the one that failed.
    init?(_ end: SendResult.End, isElsewhere: Bool) {
        guard case .verdict(let verdict) = end else { return nil }
        switch verdict {
        case .accepted: self.init(fate: isElsewhere ? .again : .sent)
        case .deferred(let error): self.init(.deferred, error)
        case .rejected(let error): self.init(.failed, error)
        case .uncertain(let error): self.init(.uncertain, error)
        case .relayTrouble(let trouble):
            self.init(trouble.kind == .outage ? .outage : .login, trouble.error)
        case .unsupported, .released, .turnedAway, .unauthorized: return nil
        }
    }

    private init(_ fate: Fate, _ error: DeliveryError) {
        self.init(fate: fate, stage: error.stage, reads: Self.words(of: error))
    }

    /// With its code, without the relay's address, and the system's words for an end as our own.
    private static func words(of error: DeliveryError) -> String {
        let code = error.code.map { "\($0) " } ?? ""
        var words = (code + error.text).split(separator: " ").map(String.init)
        for place in words.indices
        where words[place].hasPrefix("127.0.0.1:") || words[place].hasPrefix("localhost:") {
            words[place] = words[place].hasSuffix(":") ? "RELAY:" : "RELAY"
        }
        let text = words.joined(separator: " ")
        let isEnd = ["Connection reset by peer", "Broken pipe"].contains { text.hasSuffix($0) }
        guard isEnd, error.stage != .tls else { return text }
        return error.stage.isBeforeMail ? "RELAY closed the connection" : FaultTable.end
    }
}
