package import Delivery

/// What `status` and `check` say.
extension OutboxView {
    /// What `status` counts.
    ///
    /// Finished rows count for ever, also those that are pruned by now.
    package struct Numbers: Sendable, Equatable {
        /// All five states.
        package var counts: [RowState: Int]
        /// Why pending rows wait; reasons that nobody waits for are left out.
        package var waiting: [WaitReason: Int]
        /// Since when the longest overdue of the pending rows has been due; nil if none is.
        package var oldestDueAt: WallTime?
        /// Rows that nobody has taken in are too many to be counted one by one.
        package var isEstimate = false
        /// Why rows were skipped or have failed.
        package var ended: [String: Int] = [:]
        /// Of `counts`, what is pruned by now.
        package var pruned: [RowState: Int] = [:]
        /// Rows that are old enough to be pruned, and that the API server's tables hold on to.
        package var kept = 0
        /// What SQLite said of one of them.
        package var keptText: String?
        /// Mails of which every row was read in time.
        package var savedByRead: Int
        /// Rows that went out in the mail of another.
        package var savedByCombining: Int
        package var mailsInLastMinute: Int
        package var mailsInLastFiveMinutes: Int
        package var mailsInLastHour: Int
        /// Mails held as uncertain until an operator says what became of them.
        package var heldMails: Int
        /// When the oldest of the mails that are being sent was claimed; nil if none is.
        package var sendingSince: WallTime?
        /// When a mail was last accepted, to ten seconds; nil if none was for two hours.
        package var lastSentAt: WallTime?
    }

    /// What tells whether mail moves.
    package struct Health: Sendable, Equatable {
        /// Since when the first mail that may go has been due; nil if none is.
        ///
        /// Helpdesks that are paused, have no usable sender, or can't be read are left out.
        package var dueSince: WallTime?
        /// When the last of the mails that are being sent was claimed; nil if none is.
        package var lastClaimAt: WallTime?
        /// Since when everything is paused; nil if it is not.
        package var pausedSince: WallTime?
        package var relay: RelayStatus
        /// See ``OutboxView/silentSince(sendingSince:lastSentAt:now:)``.
        package var silentSince: WallTime?
        /// nil if it was not restored.
        package var restoration: Restoration?
        /// A table of the API server's that is not there: no mail can go out.
        package var missingTable: String?

        package init(
            dueSince: WallTime? = nil, lastClaimAt: WallTime? = nil, pausedSince: WallTime? = nil,
            relay: RelayStatus = RelayStatus(state: .unknown), silentSince: WallTime? = nil,
            restoration: Restoration? = nil, missingTable: String? = nil
        ) {
            self.missingTable = missingTable
            self.restoration = restoration
            self.silentSince = silentSince
            self.dueSince = dueSince
            self.lastClaimAt = lastClaimAt
            self.pausedSince = pausedSince
            self.relay = relay
        }
    }

    package struct Pause: Sendable, Equatable {
        package enum Author: String, Sendable {
            /// `outboxd pause`.
            case `operator`
            /// `helpdesks.paused`.
            case api
        }
        /// nil is everything.
        package var helpdeskID: String?
        package var author: Author
        /// Known of an operator's alone.
        package var since: WallTime?
        package var who: String?
        package var why: String?
    }

    /// A From address that the relay refuses.
    package struct BlockedSender: Sendable, Equatable {
        package var address: String
        package var since: WallTime
        package var probeAt: WallTime?
        package var error: String?
    }

    /// What `check` wants to know of the database.
    package struct Facts: Sendable, Equatable {
        /// Of the SQLite library that this program uses: `3.40.1`.
        package var sqliteVersion: String
        package var journalMode: String
        /// The newest step that was applied to outboxd's own tables.
        package var step: Int
        /// `UNIQUE (helpdesk_id, message_id, recipient_email)`.
        package var outboxHasUniqueReplies: Bool
        package var newestCreatedAt: WallTime?
        package var helpdesks: Int
        /// Triggers on outboxd's own tables, none of which is outboxd's.
        package var foreignTriggers: [Trigger]

        package struct Trigger: Sendable, Equatable {
            package var name: String
            package var table: String
        }
    }

    /// Keys that are longer than any id or address, in one of the API server's tables.
    package struct LongKeys: Sendable, Equatable {
        package var table: String
        package var count: Int
        /// Not all rows were looked at, or one is too long to be looked at.
        package var isMore: Bool

        /// Longer ones count: 1 kB.
        package static let octets = 1_024
    }

    package struct Faults: Sendable, Equatable {
        /// Each kind that there is: what waits for it, how many, and what SQLite last said.
        package struct Entry: Sendable, Equatable {
            package var subject: String
            package var count: Int
            package var text: String
            /// Not all were counted.
            package var isMore: Bool { count >= OutboxView.Faults.mostCounted }
        }
        package var entries: [Entry]

        static let mostCounted = 1_000
    }
}
