internal import Delivery
internal import SQLite

/// A line, as `list` asks where rows are that it looks for.
struct ListedLine {
    var id: Int64
    var helpdeskID: String
    var park: Line.Park
    /// How many mails of each class stand in it.
    var mails: [(turn: TurnClass, number: Int)]

    /// A look at each line.
    static func all(_ connection: Connection) throws -> [ListedLine] {
        let turns = TurnClass.allCases
        let mails = turns.map { "l.\(Line.mails($0))" }.joined(separator: ", ")
        return try connection.statement(
            "SELECT l.id, l.helpdesk_id, l.parked, \(mails) FROM outboxd_lines l ORDER BY l.id"
        ).all { row in
            ListedLine(
                id: row.int(0), helpdeskID: row.text(1),
                park: Line.Park(rawValue: row.int(2)) ?? .none,
                mails: turns.enumerated().map { ($1, Int(row.int(Int32($0) + 3))) })
        }
    }

    /// What a mail of a class waits for there, one that is due or a later one; but for mails that statements have
    /// failed for.
    ///
    /// - Returns: Two where the line rests, or its helpdesk can't be read.
    func reasons(
        _ turn: TurnClass, isDue: Bool, _ circumstances: SQLiteReader.Circumstances
    ) -> Set<WaitReason> {
        let dueAt = circumstances.now + .milliseconds(isDue ? 0 : 1)
        let parks = park == .fault ? [park, .none] : [park]
        return Set(
            parks.compactMap { park in
                SQLiteReader.waitReason(
                    SQLiteReader.OpenMail(isInLine: turn, park: park, dueAt: dueAt), helpdeskID,
                    circumstances, dueAt: dueAt)
            })
    }

    /// Whether any mail may wait there for one of them.
    func mayHave(
        _ reasons: Set<WaitReason>, _ circumstances: SQLiteReader.Circumstances
    ) -> Bool {
        // What stands aside may be uncertain, or else waits as what was tried does.
        reasons.isEmpty || reasons.contains(.uncertain)
            || TurnClass.allCases.contains { turn in
                [true, false].contains {
                    !reasons.isDisjoint(with: self.reasons(turn, isDue: $0, circumstances))
                }
            }
    }
}
