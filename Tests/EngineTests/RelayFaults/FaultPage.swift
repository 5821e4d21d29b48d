import Delivery

/// The tables of Faults.md, made from what the tests expect.
enum FaultPage {
    static let heading = "## What becomes of a mail\n"

    static var text: String {
        [
            heading, counts, meanings, generalTable, wayTable, "## What whoever is on call reads\n",
            readings, "## What is no case\n", reasons,
        ].joined(separator: "\n")
    }

    // MARK: What the words mean

    private static var counts: String {
        let cases = FaultCell.every.count { $0.reason == nil }
        return """
            \(FaultCell.every.count) combinations; \(cases) are cases, and each of them is played by `RelayFaultTests`.

            """
    }

    private static var meanings: String {
        let fates = FaultOutcome.Fate.allCases.map { "| `\($0.rawValue)` | \($0.meaning) |" }
        let modes = FaultMode.allCases.map { "| \($0.rawValue) | \($0.meaning) |" }
        let faults = RelayFault.allCases.map { "| \($0.rawValue) | \($0.meaning) |" }
        return table(["word", "what becomes of the mail"], fates)
            + "\nWith `+` the connection takes the next mail; without it, it is closed.\n\n"
            + table(["how the relay is spoken to", ""], modes) + "\n"
            + table(["the relay", "instead of the reply that is due, once"], faults)
    }

    // MARK: The tables

    private static var generalTable: String {
        let faults = RelayFault.general
        let lines = FaultStage.allCases.flatMap { stage in
            groups(of: stage, faults).map { modes, words in
                "| \(stage.rawValue) | \(modes) | \(words.joined(separator: " | ")) |"
            }
        }
        return table(["at", "how"] + faults.map(\.rawValue), lines)
    }

    /// The modes in which a stage ends alike, and how.
    private static func groups(
        of stage: FaultStage, _ faults: [RelayFault]
    ) -> [(modes: String, words: [String])] {
        var groups: [(modes: [FaultMode], words: [String])] = []
        for mode in FaultMode.allCases {
            let words = faults.map { word(FaultCell(stage: stage, fault: $0, mode: mode)) }
            guard words.contains(where: { $0 != none }) else { continue }
            if let place = groups.firstIndex(where: { $0.words == words }) {
                groups[place].modes.append(mode)
            } else {
                groups.append(([mode], words))
            }
        }
        return groups.map { (names($0.modes), $0.words) }
    }

    private static let none = "·"

    private static func word(_ cell: FaultCell) -> String { cell.expected?.word ?? none }

    private static func names(_ modes: [FaultMode]) -> String {
        modes.map(\.rawValue).joined(separator: ", ")
    }

    private static var wayTable: String {
        let lines = RelayFault.allCases.filter(\.isOfTheWay).flatMap { fault in
            FaultStage.allCases.compactMap { stage -> String? in
                let cells = FaultMode.allCases.map {
                    FaultCell(stage: stage, fault: fault, mode: $0)
                }.filter { $0.expected != nil }
                guard let first = cells.first else { return nil }
                let modes = names(cells.map(\.mode))
                return "| \(fault.rawValue) | \(stage.rawValue) | \(modes) | \(word(first)) |"
            }
        }
        return "\n" + table(["the relay", "at", "how", ""], lines)
    }

    // MARK: What is read

    private static var readings: String {
        var faults: [String: [String]] = [:]
        var order: [String] = []
        let cells = FaultStage.allCases.flatMap { stage in
            FaultCell.every.filter { $0.stage == stage }
        }
        for cell in cells where cell.expected?.reads.isEmpty == false {
            guard let expected = cell.expected, let place = expected.stage ?? cell.stage.stage
            else { continue }
            let reads = expected.reads.hasSuffix(" ") ? expected.reads + "…" : expected.reads
            let key = "| `\(place.rawValue)` | \(reads) |"
            let fault = "\(cell.stage.rawValue): \(cell.fault.rawValue)"
            if faults[key] == nil { order.append(key) }
            if faults[key]?.contains(fault) != true { faults[key, default: []].append(fault) }
        }
        let lines = order.map { "\($0) \(faults[$0, default: []].joined(separator: "; ")) |" }
        return "`RELAY` stands for host and port. More may follow in the same line.\n\n"
            + table(["stage", "error", "after"], lines)
    }

    // MARK: What is none

    private static var reasons: String {
        var cells: [String: Int] = [:]
        var order: [String] = []
        for cell in FaultCell.every {
            guard let reason = cell.reason else { continue }
            if cells[reason] == nil { order.append(reason) }
            cells[reason, default: 0] += 1
        }
        return table(["combinations", "why"], order.map { "| \(cells[$0, default: 0]) | \($0) |" })
    }

    private static func table(_ head: [String], _ lines: [String]) -> String {
        (["| \(head.joined(separator: " | ")) |", "|" + head.map { _ in "---|" }.joined()] + lines)
            .map { $0 + "\n" }.joined()
    }
}
