import Delivery
import Foundation
import SQLite
import Testing

@testable import Store

/// The table of ``MailTable``: what the statements do to a mail's state is written down by a trigger
/// while every case of the conformance suite runs, and compared with the table.
struct MailLifeTests {
    /// A mail's state, or a change of it: `waiting, in line → sending`.
    private static let words = """
        CASE %1$@.phase WHEN 1 THEN 'sending' WHEN 2 THEN 'finished'
            ELSE CASE %1$@.wait WHEN 0 THEN 'in line' WHEN 3 THEN 'uncertain' WHEN 4 THEN 'behind'
                ELSE %1$@.wait END END
        """

    private static func watch(_ connection: Connection) throws {
        let (old, new) = (
            words.replacing("%1$@", with: "OLD"), words.replacing("%1$@", with: "NEW")
        )
        try connection.execute(
            """
            CREATE TEMP TABLE life (change TEXT PRIMARY KEY);
            CREATE TEMP TRIGGER born AFTER INSERT ON main.outboxd_mails BEGIN
                INSERT OR IGNORE INTO life VALUES ('none → ' || \(new)); END;
            CREATE TEMP TRIGGER changed AFTER UPDATE ON main.outboxd_mails
            WHEN OLD.phase <> NEW.phase OR OLD.wait <> NEW.wait BEGIN
                INSERT OR IGNORE INTO life VALUES (\(old) || ' → ' || \(new)); END;
            CREATE TEMP TRIGGER gone AFTER DELETE ON main.outboxd_mails BEGIN
                INSERT OR IGNORE INTO life VALUES (\(old) || ' → none'); END
            """)
    }

    /// What the operator does, and a reply that comes late, is no case of the suite.
    static let others: [StoreConformance] = [
        StoreConformance("an operator settles an uncertain mail") { bed in
            guard let sqlite = (bed as? SQLiteBed)?.sqlite else { return }
            for resolution in [Resolution.sent, .resend] {
                let claim = try #require(
                    try bed.claimMany(1, prefix: "\(resolution)").first)
                try bed.finish(claim, .uncertain(dueAt: nil, frozen: nil), at: seconds(61))
                _ = try sqlite.resolve(
                    row: claim.rowIDs[0], as: resolution, at: seconds(62))
            }
        },
        StoreConformance("the reply comes after the mail was taken over") { bed in
            for isHeld in [false, true] {
                let claim = try #require(try bed.claimMany(1, prefix: "\(isHeld)").first)
                try bed.finish(
                    claim, .uncertain(dueAt: isHeld ? nil : seconds(90), frozen: nil),
                    at: seconds(61))
                try bed.finish(claim, .sent, at: seconds(62))
            }
        },
    ]

    @Test func `a mail's state changes in the ways of the table, and in no other`() throws {
        var seen: Set<String> = []
        for one in StoreConformance.all + Self.others {
            let bed = try SQLiteBed()
            try Self.watch(bed.sqlite.connection)
            try one.run(bed)
            #expect(try !TotalsRebuild.isWrong(bed.sqlite.connection), "\(one)")
            // `list --reason deferred` finds them by their class.
            let misplaced = """
                SELECT id FROM outboxd_mails
                WHERE phase = \(phase: .waiting) AND wait <> \(wait: .uncertain) AND attempts > 0
                    AND class <> \(turn: .retry)
                """
            #expect(try bed.sqlite.connection.texts(misplaced) == [], "\(one)")
            seen.formUnion(try bed.sqlite.connection.texts("SELECT change FROM life"))
        }
        let table: Set = [
            "none → in line", "none → sending", "none → finished", "in line → sending",
            "in line → behind",
            "in line → finished", "in line → uncertain", "behind → in line",
            "behind → finished", "sending → in line", "sending → finished",
            "uncertain → in line", "uncertain → finished", "finished → in line",
        ]
        #expect(seen == table, "\(seen.symmetricDifference(table))")
    }

    private static var sources: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Sources/Store"
        )
        .standardized
    }

    /// Every Swift file of the module, but for the steps of the tables, which are never changed again.
    private func files() throws -> [(name: String, text: String)] {
        let found = FileManager.default.enumerator(
            at: Self.sources, includingPropertiesForKeys: nil)
        return try (found?.compactMap { $0 as? URL } ?? [])
            .filter { $0.pathExtension == "swift" && !$0.lastPathComponent.contains("Migration") }
            .map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
    }

    @Test func `nothing else writes to the tables`() throws {
        let files = try files()
        #expect(files.count > 50)
        let home = ["MailTable.swift": "mails", "RowTable.swift": "rows"]
        for table in ["mails", "rows"] {
            let write = try Regex("(UPDATE|INTO|FROM) outboxd_\(table)\\b")
            let writers = files.filter { file in
                file.text.ranges(of: write).contains { range in
                    let before = file.text[..<range.lowerBound].suffix(20)
                    return !file.text[range].hasPrefix("FROM") || before.hasSuffix("DELETE ")
                }
            }
            .map(\.name)
            // A fault that a trigger caused is told with these words.
            let expected = home.filter { $0.value == table }.map(\.key)
            #expect(
                Set(writers).subtracting(["SQLiteStore+Finish.swift"]) == Set(expected), "\(table)")
        }
    }

    @Test func `a state stands as a word in every statement`() throws {
        let literal = try Regex(#"\b(phase|wait|r\.state|parked) *(=|<>|<) *\d"#)
        for file in try files() where file.name != "Phase.swift" {
            let found = file.text.ranges(of: literal).map { String(file.text[$0]) }
                // A partial index wants `wait > 0` as it stands in it.
                .filter { !$0.hasPrefix("wait >") }
            #expect(found.isEmpty || file.name == "ClaimRequest.swift", "\(file.name): \(found)")
        }
    }
}
