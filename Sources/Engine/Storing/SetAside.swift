internal import Delivery

/// Mails that another relay refused in this drain: they are kept, claimed, until it ends, and go back as
/// they were, so that it does not try them again and again.
struct SetAside {
    private(set) var results: [SendResult] = []
    private(set) var latest: DeliveryError?
    private var relay = OtherRelay()

    /// What ends the drain; nil while it goes on.
    var refusal: String? {
        relay.refuses ? latestText : nil
    }

    /// What the relay said last, where it refused anything.
    var latestText: String? {
        guard let latest else { return nil }
        let code = latest.code.map { "\($0) " } ?? ""
        return "\(latest.stage.rawValue): \(code)\(latest.text)"
    }

    /// - Returns: what the relay said; nil if the result stands.
    mutating func take(_ result: SendResult) -> DeliveryError? {
        guard case .verdict(let verdict) = result.end else { return nil }
        if case .uncertain(let error) = verdict { latest = error }
        guard let error = relay.judge(verdict) else { return nil }
        // It goes back as it was; what was said stands in its story.
        results.append(result.withoutSlot(.verdict(.released(error)), isTold: true))
        latest = error
        return error
    }

    mutating func takeAll() -> [SendResult] {
        let taken = results
        results = []
        return taken
    }
}
