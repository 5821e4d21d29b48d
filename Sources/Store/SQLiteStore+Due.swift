package import Delivery
internal import FoundationEssentials
internal import SQLite

extension ClaimRequest {
    /// The end of a WHERE clause over `outboxd_lines`; its parameter is ``crowdedList``.
    fileprivate var butCrowded: String {
        crowded.isEmpty ? "" : "AND helpdesk_id NOT IN (SELECT value FROM json_each(?))"
    }

    /// A JSON array; nil if no helpdesk is crowded.
    fileprivate var crowdedList: String? {
        get throws {
            guard !crowded.isEmpty else { return nil }
            return String(decoding: try JSONEncoder().encode(crowded.sorted()), as: UTF8.self)
        }
    }
}

/// What falls due, and when: asked before each claim and each wait, so answered from the lines alone.
extension SQLiteStore {
    package func hasDue(_ request: ClaimRequest) throws -> Bool {
        if try isEverythingHeld(but: request.ignoredPauses) { return false }
        for turn in request.classes {
            for park in request.parks {
                let column = Line.column(turn)
                let statement = try connection.statement(
                    """
                    SELECT 1 FROM outboxd_lines WHERE parked = ? AND \(column) <= ?
                        AND \(column) IS NOT NULL \(request.butCrowded) LIMIT 1
                    """
                ).bind(park.rawValue).bind(request.dueBy(turn).milliseconds)
                if let crowded = try request.crowdedList { try statement.bind(crowded) }
                if try statement.first({ _ in true }) == true { return true }
            }
        }
        return false
    }

    package func nextDue(_ request: ClaimRequest) throws -> WallTime? {
        if try isEverythingHeld(but: request.ignoredPauses) { return try nextUnread() }
        var times: [WallTime?] = []
        for turn in TurnClass.allCases {
            for park in request.parks {
                let time = try firstDue(turn, park, request)
                // With a backlog the answer is nearly always here.
                if let time, time <= request.now { return time }
                times.append(time)
            }
        }
        times += [
            try nextUnread(), try nextSenderProbe(), try nextFault(), try nextRested(request.now),
        ]
        return times.compactMap { $0 }.min()
    }

    private func firstDue(
        _ turn: TurnClass, _ park: Line.Park, _ request: ClaimRequest
    ) throws -> WallTime? {
        let column = Line.column(turn)
        let statement = try connection.statement(
            """
            SELECT min(\(column)) FROM outboxd_lines
            WHERE parked = ? AND \(column) IS NOT NULL \(request.butCrowded)
            """
        ).bind(park.rawValue)
        if let crowded = try request.crowdedList { try statement.bind(crowded) }
        return try statement.first { $0.optionalTime(0) } ?? nil
    }

    /// A row that could not be read is tried again.
    private func nextUnread() throws -> WallTime? {
        try connection.statement("SELECT min(retry_at) FROM outboxd_unread")
            .first { $0.optionalTime(0) } ?? nil
    }

    /// A helpdesk whose row could not be read is tried again.
    private func nextFault() throws -> WallTime? {
        try firstRetry("troubles > 0")
    }

    /// A line that rests is put back.
    private func nextRested(_ now: WallTime) throws -> WallTime? {
        try firstRetry("troubles = 0").map { max($0, lineRest.end(at: now)) }
    }

    private func firstRetry(_ condition: String) throws -> WallTime? {
        try connection.statement(
            """
            SELECT min(retry_at) FROM outboxd_lines INDEXED BY outboxd_lines_parked
            WHERE \(Line.isFaulty) AND \(condition)
            """
        ).first { $0.optionalTime(0) } ?? nil
    }

    /// The first probe of a blocked sender that has a mail to be probed with.
    private func nextSenderProbe() throws -> WallTime? {
        try connection.statement(
            """
            SELECT min(max(coalesce(s.probe_at, 0), (
                SELECT min(min(coalesce(instant_due, \(Int64.max)), coalesce(first_due, \(Int64.max)),
                    coalesce(retry_due, \(Int64.max))))
                FROM outboxd_lines l WHERE l.sender = s.address AND l.parked = \(park: .sender))))
            FROM outboxd_senders s WHERE s.blocked_at IS NOT NULL AND EXISTS (
                SELECT 1 FROM outboxd_lines l WHERE l.sender = s.address AND l.parked = \(park: .sender)
                    AND coalesce(l.instant_due, l.first_due, l.retry_due) IS NOT NULL)
            """
        ).first { $0.optionalTime(0) } ?? nil
    }

    package func hasBlockedLines() throws -> Bool {
        try connection.statement(
            "SELECT 1 FROM outboxd_lines WHERE parked = \(park: .sender) AND sender IS NOT NULL LIMIT 1"
        ).first { _ in true } ?? false
    }

    package func hasDeferred(orForSender: Bool) throws -> Bool {
        let parks = Line.Park.allCases.filter { orForSender || $0 != .sender }
            .map { "\(park: $0)" }.joined(separator: ", ")
        return try connection.statement(
            """
            SELECT 1 FROM outboxd_lines
            WHERE parked IN (\(parks)) AND retry_due IS NOT NULL AND \(Line.firstDue(.retry)) IS NOT NULL
            UNION ALL
            SELECT 1 FROM outboxd_mails INDEXED BY outboxd_mails_aside
            WHERE phase = \(phase: .waiting) AND wait = \(wait: .behind) AND wait > 0
            LIMIT 1
            """
        ).first { _ in true } ?? false
    }
}
