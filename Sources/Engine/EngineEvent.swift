package import Delivery
package import Service
package import Store

/// What happens, as it happens, for the log, the progress of a drain and the demonstration.
///
/// Never holds message text.
package enum EngineEvent: Sendable {
    case ingested(rows: Int)
    case failedRow(id: Int64, reason: FailReason, text: String)
    case skipped([Skip])
    /// Attempts that came to an end, and were written down in one commit.
    case attempted([Attempt])
    /// Another process has taken the mail over; what became of it here could not be written down.
    case leaseLost(mailID: Int64, rows: [Int64], wasSent: Bool)
    case relay(RelayStatus)
    /// It took a connection and has said nothing for a while; it is waited for.
    case relaySilent(DeliveryError)
    /// The relay serves so many connections and refused one more.
    case connectionsLimited(to: Int, error: DeliveryError)
    case senderBlocked(String)
    /// Rows that were told as failed wait for their sender: it was the sender that was refused.
    case reopened(rows: Int, sender: String)
    case senderUnblocked(String)
    /// Rows that were told as failed wait for the relay: it refuses every sender.
    case reopenedForRelay(rows: Int)
    /// The mails of rows that wait again, of either kind.
    case reopenedMails([Int64])
    /// Mails of a process that died or froze were taken over.
    case tookOver(mails: Int, isDead: Bool)
    /// An in-flight journal of another process is out of reach: told at once, and as long as it lasts.
    case journalTrouble(JournalTrouble)
    /// The database does not take what became of a mail of another process; it is tried again.
    case notTakenOver(mailID: Int64, error: String)
    case clockWasSet(by: Duration)
    /// The API server's table was about to use ids again; they go on behind this one now.
    case idsBeganAnew(newest: Int64)
    /// Other rows have the ids of rows that are through: they are new.
    case idsUsedAgain(rows: [Int64])
    case storeTrouble(String)
    /// An SQL statement failed for one mail, row, helpdesk or suppression; everything else goes on.
    case statementFault(StatementFault)
    /// What became of a mail could not be written down, for a statement that failed; it will be.
    case unrecorded(mailID: Int64, rows: [Int64], text: String)
    /// So many more failed with this text within a minute.
    case moreFaults(count: Int, text: String)
    case storeRecovered
    /// So many rows that ended long ago are gone, since it was told last.
    case pruned(rows: Int)
    /// A row that ended long ago can't be deleted, as others may not; told once for each text.
    case rowKept(id: Int64, text: String)
    /// A drain acts through these pauses of an operator's: helpdesks, "" for everything.
    case actsThroughPauses([String])
    /// Rows wait for the daemon's hold, which is another than the drain's own.
    case waitsForHold(Duration)
    /// So many mails hold rows that a drain was told to send, and are or were ready.
    case chosen(mails: Int)
    /// The database was restored, so everything is held.
    ///
    /// - Parameter rows: How many wait; nil if counting them takes too long.
    case restored(OutboxView.Restoration, rows: Int?)
    /// An operator has let go what was held.
    case released
    /// A restored backup would not be noticed: why.
    case epochUnwritable(String)
    /// Why commits of other processes are only polled for.
    case unwatched(String)
    /// Another process has had the database locked for so long, and which, if that can be seen.
    case waitingForLock(Duration, LockHolder?)
    /// For ``EngineMetrics`` alone: no observer is told.
    case measured(Measurement)

    /// What became of a mail.
    ///
    /// A class, since it goes from hand to hand, and a copy of a value would retain each of its strings.
    package final class Attempt: Sendable {
        package let mailID: Int64
        package let rows: [Int64]
        package let helpdeskID: String
        package let recipient: String
        package let outcome: FinishedMail.Outcome
        package let error: DeliveryError?
        package let reply: SMTPReply?
        package let relay: String?
        package let delays: Delays
        package let emailMessageID: String?
        /// `traceparent` of its rows, each once.
        package let traces: [TraceParent]

        package init(
            mailID: Int64, rows: [Int64], helpdeskID: String = "", recipient: String,
            outcome: FinishedMail.Outcome, error: DeliveryError? = nil, reply: SMTPReply? = nil,
            relay: String? = nil, delays: Delays, emailMessageID: String? = nil,
            traces: [TraceParent] = []
        ) {
            self.mailID = mailID
            self.rows = rows
            self.helpdeskID = helpdeskID
            self.recipient = recipient
            self.outcome = outcome
            self.error = error
            self.reply = reply
            self.relay = relay
            self.delays = delays
            self.emailMessageID = emailMessageID
            self.traces = traces
        }
    }
}

/// Told of events; from several threads.
package typealias EngineObserver = @Sendable (EngineEvent) -> Void
