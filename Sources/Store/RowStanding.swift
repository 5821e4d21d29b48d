package import Delivery

/// Where a row stands that somebody has chosen, as far as a claim of it is concerned.
package struct RowStanding: Sendable, Equatable {
    package enum Place: Sendable, Equatable {
        /// No outboxd has taken it in.
        case notIngested
        /// It counts as not yet written, or could not be read: looked at again then.
        case putOff(until: WallTime)
        case inLine(InLine)
        /// Another mail of its conversation goes first.
        case behind
        /// Held until an operator says what became of it.
        case uncertain
        /// It is under way, here or in another process.
        case sending
        case failed
        /// It was sent or skipped, or is not there any more.
        case through
    }

    /// It waits for its turn, or for its time.
    package struct InLine: Sendable, Equatable {
        package var helpdeskID: String
        package var turn: TurnClass
        package var dueAt: WallTime
        /// The helpdesk's line was parked when somebody last looked.
        package var isParked = false
        /// The line is looked at again then, by itself.
        package var restsUntil: WallTime?
        /// The row is instant, so that it may go from then on, whenever its mail is due.
        package var instantAt: WallTime?

        package init(
            helpdeskID: String, turn: TurnClass, dueAt: WallTime, isParked: Bool = false,
            restsUntil: WallTime? = nil, instantAt: WallTime? = nil
        ) {
            self.helpdeskID = helpdeskID
            self.turn = turn
            self.dueAt = dueAt
            self.isParked = isParked
            self.restsUntil = restsUntil
            self.instantAt = instantAt
        }
    }

    package var row: Int64
    /// nil if it was not ingested.
    package var mailID: Int64?
    package var place: Place

    package init(row: Int64, mailID: Int64? = nil, _ place: Place) {
        self.row = row
        self.mailID = mailID
        self.place = place
    }
}

/// Chosen rows that are ready to be claimed, by helpdesk; none has the number 0.
package struct ChosenMails: Sendable, Equatable {
    package var readyByHelpdesk: [String: Int]

    package init(readyByHelpdesk: [String: Int]) {
        self.readyByHelpdesk = readyByHelpdesk
    }
}
