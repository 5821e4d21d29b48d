internal import Delivery
internal import Mail
internal import Store

/// Rows that nobody has ingested, and failed ones that are to be tried again: what ingest and `retry` would
/// make of them, in memory.
///
/// They join the open mail of their conversation, recipient and audience, or are one of their own.
struct NewRowsForecast {
    /// What is kept of a row: there may be hundreds of thousands.
    private struct Newcomer {
        var id: Int64
        var createdAt: WallTime
        var dueAt: WallTime
        var notBefore: WallTime?
        var isInstant: Bool
        var isCancelled: Bool
        /// Attempts before it failed.
        var attempts = 0
        /// It has failed, and is due at once.
        var isRetried = false
    }
    private(set) var failing: [(helpdesk: String, reason: FailReason)] = []
    /// Those that end as they are taken in.
    private(set) var skipped: [(row: Int64, helpdesk: String, reason: SkipReason)] = []
    private(set) var putOff: [PutOffRow] = []
    /// Failed rows that can't be tried again: cancelled, gone, or still not to be sent as they stand.
    private(set) var refused = 0
    private var waiting: [ConversationKey: [String: [Newcomer]]] = [:]
    /// In the order of their first rows.
    private var order: [ConversationKey] = []
    private static let slice = 2_000

    /// Those that have not been joined to mails yet.
    var conversations: [ConversationKey] { order.filter { waiting[$0] != nil } }

    /// - Parameters:
    ///   - chosen: Conversations without any of these rows are left out; nil keeps all.
    ///   - retried: Failed rows.
    init(
        _ settings: EngineSettings, _ reader: any QueueReader, at now: WallTime,
        chosen: Set<Int64>?, retried: [Int64]
    ) throws {
        var settings = settings
        // Rows are taken in with it (``HoldOwner``).
        if let hold = try reader.daemonsHold() { settings.hold = HoldPolicy(hold: hold) }
        let rules = RowRules.ingest(settings, at: now)
        try readPutOff(rules, reader, now, chosen)
        var position: Int64?
        while true {
            let rows = try reader.newRows(after: position, limit: Self.slice)
            for row in rows { try add(row, rules, reader, now, chosen) }
            guard rows.count == Self.slice, let last = rows.last else { break }
            position = last.id
        }
        for id in retried { try retry(id, rules, reader, now, chosen) }
        guard let chosen else { return }
        waiting = waiting.filter { _, rows in
            rows.values.contains { $0.contains { chosen.contains($0.id) } }
        }
    }

    /// Those whose time has come are new rows.
    private mutating func readPutOff(
        _ rules: IngestRules, _ reader: any QueueReader, _ now: WallTime, _ chosen: Set<Int64>?
    ) throws {
        var position: Int64?
        while true {
            let rows = try reader.putOff(after: position, limit: Self.slice)
            for row in rows {
                if row.until <= now, !row.isFaulty {
                    guard let new = try reader.newRow(row.id) else { continue }
                    try add(new, rules, reader, now, chosen)
                } else if chosen?.contains(row.id) ?? true {
                    putOff.append(row)
                }
            }
            guard rows.count == Self.slice, let last = rows.last else { return }
            position = last.id
        }
    }

    private mutating func add(
        _ row: OutboxRow, _ rules: IngestRules, _ reader: any QueueReader, _ now: WallTime,
        _ chosen: Set<Int64>?, isRetried: Bool = false
    ) throws {
        let isChosen = chosen?.contains(row.id) ?? true
        if let (reason, _) = rules.fault(row) {
            if isChosen { failing.append((row.helpdeskID, reason)) }
            return
        }
        if let until = row.notBefore, until > now {
            if isChosen {
                putOff.append(
                    PutOffRow(id: row.id, helpdeskID: row.helpdeskID, until: until, isFaulty: false)
                )
            }
            return
        }
        let key = rules.key(of: row)
        if !isRetried, rules.isStale(row), try !isOver(row, key, reader, now) {
            if isChosen { skipped.append((row.id, row.helpdeskID, .stale)) }
            return
        }
        // Whether its helpdesk is paused or not; one that nobody has chosen waits.
        if row.isCancelled, isChosen {
            return skipped.append((row.id, row.helpdeskID, .cancelled))
        }
        // One notification, and it has been decided.
        if let state = try reader.sameReply(as: row, key), state != .pending { return }
        add(
            Newcomer(
                id: row.id, createdAt: row.createdAt, dueAt: rules.due(row),
                notBefore: row.notBefore, isInstant: row.isInstant, isCancelled: row.isCancelled),
            key)
    }

    /// Cancelled or read, which is told rather than its age.
    private func isOver(
        _ row: OutboxRow, _ key: MailKey, _ reader: any QueueReader, _ now: WallTime
    ) throws -> Bool {
        if row.isCancelled { return true }
        let marker = try reader.mail(for: key, at: now).candidate?.readMarker
        return ReadCheck.isRead(createdAt: row.createdAt, marker: marker, now: now)
    }

    /// What the API server has cancelled can't be retried; what has failed for its own values is taken in anew,
    /// once it can be sent.
    private mutating func retry(
        _ id: Int64, _ rules: IngestRules, _ reader: any QueueReader, _ now: WallTime,
        _ chosen: Set<Int64>?
    ) throws {
        guard let ended = try reader.endedRow(id), !ended.row.isCancelled else {
            refused += 1
            return
        }
        if ended.isInvalid {
            guard let new = try reader.newRow(id), rules.fault(new) == nil else {
                refused += 1
                return
            }
            return try add(new, rules, reader, now, chosen, isRetried: true)
        }
        let row = ended.row
        add(
            Newcomer(
                id: row.id, createdAt: row.createdAt, dueAt: row.dueAt, notBefore: row.notBefore,
                isInstant: row.isInstant, isCancelled: false, attempts: row.attempts,
                isRetried: true),
            ended.key)
    }

    private mutating func add(_ new: Newcomer, _ key: MailKey) {
        let conversation = ConversationKey(key)
        if waiting[conversation] == nil { order.append(conversation) }
        waiting[conversation, default: [:]][key.audience, default: []].append(new)
    }

    /// The conversation's open mails with the new rows in them.
    mutating func join(
        _ mails: [QueuedMail], of key: ConversationKey, _ reader: any QueueReader, at now: WallTime
    ) throws -> [QueuedMail] {
        guard let new = waiting.removeValue(forKey: key) else { return mails }
        var mails = mails
        for (audience, rows) in new.sorted(by: { $0.key < $1.key }) {
            let own = mails.firstIndex {
                $0.key.audience == audience && $0.place == .waiting && $0.candidate?.copies == 0
            }
            if let own {
                Self.join(rows, to: &mails[own], at: now)
            } else {
                let mailKey = MailKey(
                    helpdeskID: key.helpdeskID, conversationID: key.conversationID,
                    recipient: key.recipient, audience: audience)
                var mail = try reader.mail(for: mailKey, at: now)
                // Behind all that are there, in the order of their audiences.
                mail.id = .max - Int64(new.count) + Int64(mails.count)
                Self.join(rows, to: &mail, at: now)
                mails.append(mail)
            }
        }
        return mails
    }

    /// As ingest does it: a mail that is to be tried again keeps its time, unless an operator's word makes it
    /// due.
    private static func join(_ rows: [Newcomer], to mail: inout QueuedMail, at now: WallTime) {
        mail.rowIDs += rows.map(\.id)
        mail.candidate?.rows += rows.map { row in
            OutboxRow(
                id: row.id, of: mail.key, isInstant: row.isInstant, notBefore: row.notBefore,
                isCancelled: row.isCancelled, createdAt: row.createdAt, dueAt: row.dueAt,
                attempts: row.attempts)
        }
        defer { mail.candidate?.dueAt = mail.dueAt }
        if rows.contains(where: \.isRetried) { mail.dueAt = min(mail.dueAt, now) }
        guard mail.turn != .retry else { return }
        mail.dueAt = min(mail.dueAt, rows.map(\.dueAt).min() ?? mail.dueAt)
        if rows.contains(where: \.isInstant) { mail.turn = .instant }
    }
}
