internal import Service

/// Says to a thread that there is something for it; signals add up to one.
protocol Signal: Sendable {
    /// From any thread.
    func signal()
    /// Takes the signals back; true if there were any.
    @discardableResult
    func drain() -> Bool
}

extension EventFD: Signal {}
