internal import Delivery
internal import Engine
internal import SQLite
internal import Service
internal import Store

/// Whether the database can be read and written, and what may go wrong with it later.
struct DatabaseCheck {
    typealias Finding = CheckReport.Finding

    var settings: Settings
    var now: WallTime

    private static let lockPatience: Duration = .seconds(5)
    /// Less free space than this is worth a warning: 100 MiB.
    static let littleSpace: UInt64 = 100 << 20
    /// A row's time may be ahead of ours by this much before it says that a clock is wrong.
    static let clockTolerance: Duration = .seconds(300)

    private var path: String { FilePath.absolute(settings.database) }

    func findings() -> [Finding] {
        var findings: [Finding] = []
        do {
            let reader = try SQLiteDatabase(path: settings.database).openOperator().reader
            try reader.probeWriting(patience: Self.lockPatience)
            if let damage = try Self.damage(reader) { findings.append(damage) }
            let facts = try reader.facts()
            findings.append(
                Finding(
                    .database, .ok,
                    "\(path) can be read and written; SQLite \(facts.sqliteVersion), "
                        + "journal mode \(facts.journalMode), tables of step \(facts.step), as this "
                        + "outboxd wants them"))
            findings += judge(facts)
            if let restoration = try reader.restoration() { findings.append(judge(restoration)) }
            findings += EpochCheck(database: path).findings()
            findings += judge(try reader.faults())
            findings += judge(try reader.longKeys())
            if try !reader.totalsAreRight() { findings.append(Self.wrongTotals) }
        } catch {
            findings.append(Finding(.database, .fail, Self.explanation(error)))
            // The file may be no database at all, such as /etc/passwd named by mistake. An operator
            // who is warned of its mode may change it.
            if case .unreadable(_, let cause) = error as? StoreError, cause.isDamage {
                return findings
            }
        }
        return findings + place + NotesCheck(database: settings.database).findings()
    }

    /// Looks at every page: a damaged one that no statement reads stays unnoticed until the day it is needed.
    private static func damage(_ reader: any OutboxReader) throws -> Finding? {
        let end = ContinuousClock.now + longestLook
        do {
            guard let damage = try reader.damage(while: { ContinuousClock.now < end }) else {
                return nil
            }
            let text = damage.split(separator: "\n").joined(separator: ": ")
            return Finding(
                .database, .fail, "the file is damaged: \(text); restore it from a backup")
        } catch let error as SQLiteError where error.isOverdue || error.isTooBig {
            let reason =
                error.isOverdue
                ? "its pages were looked at for \(TimeText.length(longestLook))"
                : "the look at its pages ended at a value that is too long"
            return Finding(
                .database, .info,
                "\(reason), and no damage was found so far; `outboxd backup` looks at the whole file"
            )
        }
    }

    private static let longestLook: Duration = .seconds(5)

    private static let wrongTotals = Finding(
        .database, .warn,
        "the totals that `status` shows are not what the rows say: somebody has changed outboxd's tables by "
            + "hand; `outboxd migrate` counts them anew")

    private static func explanation(_ error: any Error) -> String {
        let text = Failure(error).lines.joined(separator: "; ")
        return text.replacing("for 30 s", with: "for \(TimeText.length(lockPatience))")
    }

    // MARK: What is in it

    func judge(_ facts: OutboxView.Facts) -> [Finding] {
        var texts: [String] = []
        if facts.journalMode != "wal" {
            texts.append(
                "the journal mode is \(facts.journalMode), which makes readers and writers wait for "
                    + "each other; `outboxd migrate` sets WAL")
        }
        if SQLiteVersion(facts.sqliteVersion)?.hasResetBug == true {
            texts.append(
                "SQLite \(facts.sqliteVersion) can damage a database when a checkpoint and a commit "
                    + "coincide (sqlite.org/wal.html#walresetbug); outboxd avoids what triggers it, "
                    + "but look at the API server's own SQLite too: 3.51.3, 3.50.7 or 3.44.6 "
                    + "mend it, until then no mmap_size")
        }
        if !facts.outboxHasUniqueReplies {
            texts.append(
                "outbox lacks UNIQUE (helpdesk_id, message_id, recipient_email): what the API server "
                    + "enqueues twice is sent twice; add it")
        }
        texts += facts.foreignTriggers.map {
            "the trigger \($0.name) stands on \($0.table), which is outboxd's own: it may keep mails from "
                + "being written down; drop it"
        }
        if facts.helpdesks == 0, settings.from == nil {
            texts.append(
                "there is no helpdesk and no OUTBOXD_FROM: all mail will wait for a sender; set it, "
                    + "or add rows to helpdesks")
        }
        if let newest = facts.newestCreatedAt, newest - now > Self.clockTolerance {
            texts.append(
                "the newest row was created \(TimeText.length(newest - now)) from now: the API "
                    + "server's clock or this one is wrong, and mail will be late")
        }
        return texts.map { Finding(.database, .warn, $0) }
    }

    private func judge(_ restoration: OutboxView.Restoration) -> Finding {
        let time = TimeText(now: now)
        return Finding(
            .database, .fail,
            "\(RestoreText.held(restoration, time)); \(RestoreText.sign(restoration.sign)); "
                + "\(RestoreText.lastSent(restoration, time)); \(RestoreText.advice)")
    }

    /// One finding for each kind of row whose SQL statements fail.
    ///
    /// The other mails are sent; these wait until somebody repairs the table.
    func judge(_ faults: OutboxView.Faults) -> [Finding] {
        faults.entries.map { entry in
            Finding(
                .database, .fail,
                "an SQL statement fails for \(entry.isMore ? "at least " : "")"
                    + "\(counted(entry.count, entry.subject)), which "
                    + "\(entry.count == 1 ? "waits" : "wait"): \(entry.text); mend the table, and it is "
                    + "tried again by itself")
        }
    }

    /// Each look-up of a mail reads the keys that it compares with.
    func judge(_ tables: [OutboxView.LongKeys]) -> [Finding] {
        tables.map { keys in
            let number = "\(keys.isMore ? "at least " : "")\(counted(keys.count, "row"))"
            return Finding(
                .database, .warn,
                "\(keys.table) has \(number) with a key of more than \(OutboxView.LongKeys.octets) "
                    + "octets, which make look-ups slow; no address or id is that long: delete them"
            )
        }
    }

    // MARK: Where it is

    private var place: [Finding] {
        var findings = FileModes.of(path)?.findings ?? []
        let directory = FilePath.directory(of: path)
        if let fault = FileSystem.of(directory)?.fault {
            findings.append(Finding(.database, fault.result, fault.text))
        }
        if let free = FileSystem.freeSpace(at: directory), free < Self.littleSpace {
            findings.append(
                Finding(
                    .database, .warn,
                    "only \(free >> 20) MiB are free at \(directory): nothing is sent when the disk "
                        + "is full; make room"))
        }
        return findings
    }
}
