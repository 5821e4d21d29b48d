import TestSupport
import Testing

/// Everything that a relay can do wrong, at every point of a connection's life, in every way of speaking to
/// it: over real sockets, through the engine's own sending thread.
struct RelayFaultTests {
    @Test(arguments: FaultMode.allCases)
    func `a relay that goes wrong costs what is written, and no more`(_ mode: FaultMode)
        async throws
    {
        let front = mode.isTLS ? try TLSFront() : nil
        defer { front?.stop() }
        let cells = FaultCell.every.filter { $0.mode == mode && $0.reason == nil }
        try await withThrowingTaskGroup(of: (FaultCell, [String]).self) { group in
            // What waits for the machine's clock first, since it costs nothing but time.
            let (timed, others) = (
                cells.filter { $0.fault.takesTime && $0.stage.isBeforeMail },
                cells.filter { !$0.fault.takesTime || !$0.stage.isBeforeMail }
            )
            var rest = others[...]
            for cell in timed { group.addTask { try await Self.play(cell, front) } }
            for cell in rest.prefix(4) { group.addTask { try await Self.play(cell, front) } }
            rest = rest.dropFirst(4)
            while let (cell, differences) = try await group.next() {
                #expect(differences == [], "\(cell)")
                if let next = rest.popFirst() { group.addTask { try await Self.play(next, front) } }
            }
        }
    }

    /// - Returns: what is not as it is written.
    private static func play(
        _ cell: FaultCell, _ front: TLSFront?
    ) async throws -> (FaultCell, [String]) {
        try await blocking {
            guard let expected = cell.expected else { return (cell, ["nothing is written of it"]) }
            // A machine that stands still for seconds may let a wait before the fault run out.
            for _ in 0..<3 {
                do {
                    let report = try FaultRun.play(cell, front: front)
                    guard report.wasMet else { continue }
                    return (cell, report.differences(from: expected, at: cell.stage))
                } catch {
                    return (cell, ["\(error)"])
                }
            }
            return (cell, ["the relay did not come to the point"])
        }
    }

    @Test func `every stage, fault and mode is a case or has a reason not to be one`() {
        var (cases, reasons) = (0, 0)
        for cell in FaultCell.every {
            let written = FaultTable.rows(of: cell).count { $0.outcomes[cell.fault] != nil }
            if cell.reason == nil {
                #expect(written == 1, "\(cell) is written \(written) times")
                cases += 1
            } else {
                #expect(written == 0, "\(cell) is a case and has a reason")
                reasons += 1
            }
        }
        #expect(cases + reasons == 13 * 17 * 5 && cases > 300)
    }
}
