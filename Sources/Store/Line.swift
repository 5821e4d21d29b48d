internal import Delivery
internal import SQLite

/// The line in which one helpdesk's mails wait for their turn (`outboxd_lines`).
///
/// A line is parked as a whole, so a pause costs the same with one mail in it and with a million, and
/// what is parked stands in nobody's way.
struct Line: Sendable {
    /// Why nothing of a line may go (`outboxd_lines.parked`).
    enum Park: Int64, Sendable, CaseIterable {
        /// It is not parked.
        case none = 0
        /// `outboxd pause`.
        case pausedByOperator = 1
        /// There is no usable sender, or the relay refuses it; then `outboxd_lines.sender` names it.
        case sender = 2
        /// `helpdesks.paused`.
        case pausedByHelpdesk = 3
        /// The helpdesk's own row can't be read, or a mail took long (``LineRest``): tried again at
        /// `outboxd_lines.retry_at`.
        case fault = 4
    }

    /// Where a mail stands: among those of its class.
    struct Place: Hashable, Sendable {
        var line: Int64
        var turn: TurnClass
    }

    var id: Int64
    var helpdeskID: String
    var park: Park
    /// The From address that the line is parked for; nil if there is none to name.
    var sender: String?
    /// The helpdesk's row could not be read when it was last tried.
    var hasFailed: Bool

    /// What ``init(_:)`` reads, in this order.
    static let columns = "id, helpdesk_id, parked, sender, troubles"

    /// - Parameter row: With ``columns``.
    init(_ row: Statement) {
        id = row.int(0)
        helpdeskID = row.text(1)
        park = Park(rawValue: row.int(2)) ?? .none
        sender = row.optionalText(3)
        hasFailed = row.int(4) > 0
    }

    static let isFaulty = isParked(as: .fault)

    /// SQL for the lines that are parked for this; only with both terms does the index of parked lines serve.
    static func isParked(as park: Park) -> String { "parked = \(park: park) AND parked > 0" }

    /// SQL for the due time of a line's first mail of a class, from the index of waiting mails.
    static func firstDue(_ turn: TurnClass) -> String { look("min(m.due_at)", turn) }

    private static func look(_ result: String, _ turn: TurnClass) -> String {
        """
        (SELECT \(result) FROM outboxd_mails m INDEXED BY outboxd_mails_due
            WHERE m.phase = \(phase: .waiting) AND m.wait = \(wait: .inLine) AND m.line = outboxd_lines.id AND m.class = \(turn.rawValue))
        """
    }

    /// SQL that computes all due times of a line again, for `UPDATE outboxd_lines SET`.
    static let dueTimesAnew = TurnClass.allCases
        .map { "\(column($0)) = \(firstDue($0))" }.joined(separator: ", ")

    /// The column that holds a class's first due time.
    static func column(_ turn: TurnClass) -> String { "\(turn.name)_due" }

    /// The column that holds how many mails of a class stand in the line.
    static func mails(_ turn: TurnClass) -> String { "\(turn.name)_mails" }

    /// SQL that counts the mails of all classes again, for `UPDATE outboxd_lines SET`: a look at each.
    static let mailsAnew = TurnClass.allCases
        .map { "\(mails($0)) = \(look("count(*)", $0))" }.joined(separator: ", ")

    /// SQL on `outboxd_lines`: whether one of the numbers is wrong.
    static let isMiscounted = TurnClass.allCases
        .map { "\(mails($0)) <> \(look("count(*)", $0))" }.joined(separator: " OR ")
}
