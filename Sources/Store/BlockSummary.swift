internal import Delivery

/// What stands in a block of rows (``RowBlock``); there may be less of it by now, never more.
///
/// | column of `outboxd_blocks` | |
/// |---|---|
/// | `states` | words for the states of its rows with their reasons, `,pending:,sent:,skipped:read,error,`; `error`: one has a last error |
/// | `lines` | in which lines its open rows wait, a JSON array; NULL: more than ``mostLines`` |
/// | `has_tried` | the mail of an open row was tried, stands behind another, or a statement has failed for it |
struct BlockSummary: Equatable {
    var states: Set<String> = []
    var lines: Set<Int64> = []
    var hasTried = false

    /// Where there are more, it is not worth while to look for some of them.
    private static let mostLines = 64
    private static let error = "error"

    var statesText: String { ",\(states.sorted().joined(separator: ","))," }
    var linesText: String? {
        lines.count > Self.mostLines ? nil : SQLiteStore.list(lines.sorted())
    }

    /// - Parameters:
    ///   - reason: Whatever stands there.
    ///   - hasError: It has a last error.
    mutating func insert(_ state: RowState, reason: String?, hasError: Bool) {
        states.insert("\(state.name):\(reason ?? "")")
        if hasError { states.insert(Self.error) }
    }

    /// SQL on `outboxd_mails m`: what ``hasTried`` notes of a waiting mail, and what `deferred` is listed by.
    static let isTried = "m.attempts > 0 OR m.wait = \(wait: .behind) OR m.troubles > 0"

    // MARK: SQL on `outboxd_blocks`

    /// Whether the block may have rows that ended so.
    ///
    /// - Parameter reasons: of rows that were skipped or have failed, words of closed lists; empty: any.
    static func mayHave(_ states: Set<RowState>, reasons: Set<String>) -> String {
        let ways = states.flatMap { state in
            reasons.isEmpty ? ["\(state.name):"] : reasons.map { "\(state.name):\($0)," }
        }
        return "(\(ways.sorted().map { "instr(states, ',\($0)') > 0" }.joined(separator: " OR ")))"
    }

    static let mayHaveError = "instr(states, ',\(error),') > 0"

    /// Whether open rows of the block may wait in one of the lines: a JSON array, the parameter.
    static let mayWaitInLines = """
        (lines IS NULL OR EXISTS (SELECT 1 FROM json_each(lines) l
            WHERE l.value IN (SELECT value FROM json_each(?))))
        """
}
