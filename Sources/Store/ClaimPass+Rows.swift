internal import Delivery

/// A claim of mails that hold rows somebody has chosen: as many look-ups as rows were handed in, whatever
/// else waits.
extension ClaimPass {
    /// How many mails of each class may still be claimed; see ``ClaimRequest``.
    private struct Room {
        var any: Int
        var urgent: Int
        var behind: Int

        init(_ request: ClaimRequest) {
            any = request.isRelayProbe ? 1 : request.limit
            urgent = request.isRelayProbe ? 0 : request.urgent
            behind = request.isRelayProbe ? 0 : request.behind
        }

        var isNone: Bool { any + urgent + behind <= 0 }

        func has(_ turn: TurnClass) -> Bool {
            any > 0 || (turn == .instant ? urgent : behind) > 0
        }

        mutating func take(_ turn: TurnClass) {
            if any > 0 {
                any -= 1
            } else if turn == .instant {
                urgent -= 1
            } else {
                behind -= 1
            }
        }
    }

    /// Offers the mails of the rows in their order.
    ///
    /// Whether a helpdesk is paused is asked for each mail: no line that was parked, and should not be any
    /// more, stands in the way. Of each blocked sender whose probe is due one mail is tried.
    func take(_ rows: [Int64]) throws {
        var room = Room(request)
        var probes: Set<String>?
        for (index, row) in rows.enumerated() {
            guard !room.isNone, mayGoOn else {
                batch.unseen += rows[index...]
                return
            }
            guard let mail = try store.mailInLine(ofRow: row), try mayTake(mail, for: row)
            else { continue }
            guard room.has(mail.turn) else {
                batch.unseen.append(row)
                continue
            }
            let before = batch.claims.count
            try offer(mail)
            if let sender = refusedSender {
                let due = try probes ?? dueProbes()
                probes = due.subtracting([sender])
                if due.contains(sender) { try offer(mail, isSenderProbe: true) }
            }
            if batch.claims.count > before { room.take(mail.turn) }
        }
    }

    private func mayTake(_ mail: WaitingMail, for row: Int64) throws -> Bool {
        guard
            try mail.dueAt <= request.dueBy(mail.turn)
                || store.isMadeInstant(row, at: request.now), !parked.contains(mail.line),
            !request.crowded.contains(mail.key.helpdeskID), try !store.isResting(mail.line)
        else { return false }
        guard request.isRelayProbe else { return true }
        if let newcomers = request.newcomers, mail.isNewcomer(newcomers, at: request.now) {
            return true
        }
        return try !takesNewcomersOnly && isInnocent(mail)
    }

    private func dueProbes() throws -> Set<String> {
        let book = SenderBook(connection: store.connection)
        return try reader.blockedSenders.filter { try book.read($0).mayProbe(at: request.now) }
    }
}

extension WaitingMail {
    /// It came after the refusals for which the relay is taken for down, and has no history.
    fileprivate func isNewcomer(_ newcomers: Newcomers, at now: WallTime) -> Bool {
        newcomers.allows(id, at: now) && attempts == 0 && copies == 0 && faults == 0 && !isStruck
    }
}
