/// What is expected of every cell that is a case.
enum FaultTable {
    /// What is expected of one stage, in those modes in which it is the same.
    struct Row: Sendable {
        var stage: FaultStage
        var modes: [FaultMode]
        var outcomes: [RelayFault: FaultOutcome]

        init(
            _ stage: FaultStage, _ modes: [FaultMode], _ outcomes: [RelayFault: FaultOutcome]
        ) {
            (self.stage, self.modes, self.outcomes) = (stage, modes, outcomes)
        }
    }

    static let rows = opening + fresh + following + ends

    /// Those in which nothing follows a final dot.
    static let apart: [FaultMode] = [.plain, .pipelined, .starttls, .implicit]

    static func outcome(of cell: FaultCell) -> FaultOutcome? {
        rows(of: cell).lazy.compactMap { $0.outcomes[cell.fault] }.first
    }

    /// Of those there is one at most that has an outcome.
    static func rows(of cell: FaultCell) -> [Row] {
        rows.filter { $0.stage == cell.stage && $0.modes.contains(cell.mode) }
    }

    // MARK: What is read

    static let end = "the relay closed the connection"
    static let hello = "unreadable reply: hello?"
    static let tooMuch = "unreadable reply: a reply of more than 100 lines or 65536 octets"
    static func nothing(for seconds: Int) -> String { "no reply within \(seconds) s" }
}
