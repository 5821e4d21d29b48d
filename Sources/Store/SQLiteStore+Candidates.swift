internal import Delivery
internal import SQLite

/// The columns of a waiting mail.
///
/// A class, since a copy of a value would retain each of its strings.
final class WaitingMail {
    let id: Int64
    let key: MailKey
    let wait: Int64
    let dueAt: WallTime
    let attempts: Int
    let copies: Int
    let takeovers: Int
    let emailMessageID: String?
    let sender: String?
    let probedAt: Int64
    /// Its helpdesk's line, and the class in it.
    let line: Int64
    let turn: TurnClass
    /// SQL statements about it that failed in a row.
    let faults: Int
    let isStruck: Bool
    /// No other mail of its conversation and recipient is open, so that it is behind none; false if nobody has
    /// looked.
    let isAlone: Bool

    static let columns = """
        id, helpdesk_id, conversation_id, recipient, audience, wait, due_at, attempts, copies, rescues,
        email_message_id, sender, probed_at, line, class, troubles, struck
        """
    /// What a query selects besides begins here.
    static let columnCount = Int32(columns.split(separator: ",").count)

    /// A new one, which waits for its first attempt; it is alone.
    init(id: Int64, key: MailKey, dueAt: WallTime, line: Int64, turn: TurnClass) {
        self.id = id
        self.key = key
        self.dueAt = dueAt
        self.line = line
        self.turn = turn
        wait = Wait.inLine.rawValue
        (emailMessageID, sender) = (nil, nil)
        (attempts, copies, takeovers, faults) = (0, 0, 0, 0)
        probedAt = 0
        isStruck = false
        isAlone = true
    }

    /// Of the same line and class.
    func isBefore(_ other: WaitingMail) -> Bool { (dueAt, id) < (other.dueAt, other.id) }

    convenience init(_ row: Statement) { self.init(row, isAlone: false) }

    init(_ row: Statement, isAlone: Bool) {
        id = row.int(0)
        key = row.key(at: 1)
        wait = row.int(5)
        dueAt = row.time(6)
        attempts = Int(row.int(7))
        copies = Int(row.int(8))
        takeovers = Int(row.int(9))
        emailMessageID = row.optionalText(10)
        sender = row.optionalText(11)
        probedAt = row.int(12)
        line = row.int(13)
        turn = TurnClass(rawValue: row.int(14)) ?? .first
        faults = Int(row.int(15))
        isStruck = row.bool(16)
        self.isAlone = isAlone
    }
}

/// Reads what a decision about one mail needs, and remembers within one transaction what many mails
/// share.
final class CandidateReader {
    private let connection: Connection
    private let columns: APIColumns
    private let now: WallTime
    private let openRows: OpenRowReader
    private var helpdesks: [String: HelpdeskRecord] = [:]
    private var pauses: [String: Bool] = [:]
    let blockedSenders: Set<String>

    convenience init(
        _ store: SQLiteStore, now: WallTime, withText: Bool, mostRows: Int = Candidate.maxRows
    ) throws {
        try self.init(
            store.connection, store.columns, now: now, withText: withText, mostRows: mostRows)
    }

    init(
        _ connection: Connection, _ columns: APIColumns, now: WallTime, withText: Bool,
        mostRows: Int = Candidate.maxRows
    ) throws {
        self.connection = connection
        self.columns = columns
        self.now = now
        openRows = OpenRowReader(
            connection: connection, columns: columns, withText: withText, most: mostRows)
        blockedSenders = Set(
            try connection.statement(
                "SELECT address FROM outboxd_senders WHERE blocked_at IS NOT NULL"
            ).all { $0.text(0) })
    }

    /// - Parameter fresh: The only row of a mail that is not written down yet.
    func candidate(
        _ mail: WaitingMail, _ helpdesk: HelpdeskRecord, isSenderProbe: Bool = false,
        fresh: OutboxRow? = nil
    ) throws -> Candidate {
        // Those that the API server deleted are forgotten by ``SQLiteStore/forgetRows(of:at:)``.
        let open = try fresh.map { OpenRows(rows: [$0]) } ?? openRows.rows(of: mail.id)
        let found = open.rows
        let areSame = found.allSatisfy { $0.isSame(as: mail.key) }
        let rows = areSame ? found : found.filter { $0.isSame(as: mail.key) }
        // What decides nothing is not read: who has cancelled, or read, needs no other reason.
        let standing = rows.filter { !$0.isCancelled }
        let marker = standing.isEmpty ? nil : try readMarker(mail.key)
        let mayBeSuppressed = standing.contains {
            !ReadCheck.isRead(createdAt: $0.createdAt, marker: marker, now: now)
        }
        return Candidate(
            mailID: mail.id, key: mail.key, dueAt: mail.dueAt, attempts: mail.attempts,
            copies: mail.copies, takeovers: mail.takeovers, emailMessageID: mail.emailMessageID,
            rows: rows,
            replaced: areSame ? [] : found.filter { !$0.isSame(as: mail.key) }.map(\.id),
            mayLackRows: open.mayLackSome,
            hasMoreRows: found.count == openRows.most, readMarker: marker,
            isSuppressed: try mayBeSuppressed && isSuppressed(mail.key),
            helpdesk: helpdesk.helpdesk,
            blockedSenders: blockedSenders, isSenderProbe: isSenderProbe, faults: mail.faults)
    }

    /// A mail that is not there yet, without rows.
    func candidate(of key: MailKey, _ helpdesk: HelpdeskRecord) throws -> Candidate {
        Candidate(
            mailID: .max, key: key, dueAt: WallTime(milliseconds: .max), attempts: 0, copies: 0,
            takeovers: 0, emailMessageID: nil, rows: [], hasMoreRows: false,
            readMarker: try readMarker(key), isSuppressed: try isSuppressed(key),
            helpdesk: helpdesk.helpdesk, blockedSenders: blockedSenders, isSenderProbe: false)
    }

    /// The rows that are mailed, with their texts.
    func withTexts(_ rows: [OutboxRow]) throws -> [OutboxRow] { try openRows.withTexts(rows) }

    func readMarker(_ key: MailKey) throws -> WallTime? {
        try ReadMarkers.newest(connection, key)
    }

    private static let suppressed =
        "SELECT \(Schema.isSuppressed(helpdesk: 1, address: 2, at: 3))"

    func isSuppressed(_ key: MailKey) throws -> Bool {
        let statement = try connection.statement(Self.suppressed)
        try statement.put(key.helpdeskID)
        try statement.put(key.recipient)
        try statement.put(now.milliseconds)
        return try statement.first { $0.bool(0) } ?? false
    }

    /// Read by its key, once for each batch: a view that fails for one helpdesk's row fails for no
    /// other's.
    func helpdesk(_ id: String) throws -> HelpdeskRecord {
        if let known = helpdesks[id] { return known }
        let found = try HelpdeskReader(connection: connection, columns: columns).record(id)
        let record = found ?? HelpdeskRecord(helpdesk: nil, isPaused: false)
        helpdesks[id] = record
        return record
    }

    /// `outboxd pause --helpdesk`; the pause of everything is asked for elsewhere.
    func isPausedByOperator(_ id: String) throws -> Bool {
        if let known = pauses[id] { return known }
        let isPaused =
            try connection.statement("SELECT 1 FROM outboxd_pauses WHERE helpdesk_id = ?")
            .bind(id).first { _ in true } ?? false
        pauses[id] = isPaused
        return isPaused
    }
}

/// What stands in `helpdesks` for one helpdesk.
struct HelpdeskRecord {
    /// nil if there is no row.
    var helpdesk: Helpdesk?
    var isPaused: Bool
}

extension HelpdeskRecord {
    /// What ``init(_:)`` reads, in this order.
    ///
    /// - Parameter sql: The column, or NULL if the table lacks it.
    static func select(_ sql: (String) -> String) -> String {
        """
        SELECT id, name, from_address, \(sql("reply_to")), bounce_address, ticket_center_url,
            dashboard_url, allowed_domains, coalesce(\(sql("locale")), 'en'), \(sql("time_zone")),
            \(sql("brand_color")), \(sql("logo_url")), \(sql("footer_text")), \(Schema.isPaused)
        FROM helpdesks WHERE id = ?
        """
    }

    init(_ row: Statement) {
        var columns = ColumnCursor(row)
        helpdesk = Helpdesk(
            id: columns.text(), name: columns.text(), fromAddress: columns.text(),
            replyTo: columns.optionalText(), bounceAddress: columns.optionalText(),
            ticketCenterURL: columns.optionalText(), dashboardURL: columns.optionalText(),
            allowedDomains: columns.text(), locale: columns.text(),
            timeZone: columns.optionalText(), brandColor: columns.optionalText(),
            logoURL: columns.optionalText(), footerText: columns.optionalText())
        isPaused = columns.bool()
    }
}

extension OutboxRow {
    /// Whether the row is the one that was ingested: an id may have been given to another row since.
    func isSame(as key: MailKey) -> Bool {
        helpdeskID == key.helpdeskID && conversationID == key.conversationID
            && audience == key.audience && AddressText.normalized(recipientEmail) == key.recipient
            && hasIdentity(key)
    }

    private func hasIdentity(_ key: MailKey) -> Bool {
        guard let identity else { return true }
        return key.identity(ofMessage: messageID).isOf(identity)
    }
}

extension MailKey {
    func identity(ofMessage id: String) -> RowIdentity {
        RowIdentity(helpdeskID: helpdeskID, messageID: id, recipient: recipient)
    }
}
