/// One cell of the table: a relay that does this wrong, there, to a client that speaks like that.
struct FaultCell: Hashable, Sendable, CustomStringConvertible {
    var stage: FaultStage
    var fault: RelayFault
    var mode: FaultMode

    var description: String { "\(mode.rawValue), \(stage.rawValue), \(fault.rawValue)" }

    /// Every combination, also those that make no sense.
    static let every = FaultMode.allCases.flatMap { mode in
        FaultStage.allCases.flatMap { stage in
            RelayFault.allCases.map { FaultCell(stage: stage, fault: $0, mode: mode) }
        }
    }

    /// What is written down of it.
    var expected: FaultOutcome? { FaultTable.outcome(of: self) }
}
