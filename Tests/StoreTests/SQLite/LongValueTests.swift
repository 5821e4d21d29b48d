import Delivery
import SQLite
import Store
import TestSupport
import Testing

/// Rows whose values are longer than outboxd reads.
struct LongValueTests {
    private func fill(_ column: String, _ octets: Int, of id: Int64, _ bed: SQLiteBed) throws {
        try bed.api("UPDATE outbox SET \(column) = printf('%.*c', \(octets), 'x') WHERE id = \(id)")
    }

    private func claimed(_ bed: SQLiteBed) throws -> [Claim] {
        try bed.ingest()
        return try bed.claim(at: seconds(300)).claims
    }

    @Test(arguments: [
        OutboxLimits.body - 1, OutboxLimits.body, OutboxLimits.body + 1, OutboxLimits.value,
        OutboxLimits.value + 1, 5_000_000,
    ])
    func `a body is read up to a character more than a mail shows`(_ octets: Int) throws {
        let bed = try SQLiteBed()
        let id = try bed.insert(TestRow("m"))
        try fill("body_text", octets, of: id, bed)
        let row = try #require(try claimed(bed).first?.rows.first)
        #expect(row.bodyText.utf8.count == min(octets, OutboxLimits.body))
        #expect(row.messageID == "m" && row.createdAt == epoch && row.hasTexts)
    }

    @Test(arguments: [
        ("recipient_name", OutboxLimits.line), ("author_name", OutboxLimits.line),
        ("subject", OutboxLimits.line), ("attachments", OutboxLimits.attachments),
        ("page_url", OutboxLimits.line), ("unsubscribe_url", OutboxLimits.line),
        ("in_reply_to", OutboxLimits.line), ("locale", OutboxLimits.line),
    ])
    func `each text column has a bound`(_ column: String, _ limit: Int) throws {
        for octets in [OutboxLimits.value - 1_000, 2_000_000] {
            let bed = try SQLiteBed()
            let id = try bed.insert(TestRow("m"))
            try fill(column, octets, of: id, bed)
            let row = try #require(try claimed(bed).first?.rows.first)
            let texts = [
                row.recipientName, row.authorName, row.subject, row.attachments, row.pageURL,
                row.unsubscribeURL, row.inReplyTo, row.locale,
            ].compactMap(\.self)
            #expect(texts.map(\.utf8.count) == [limit] && row.bodyText == "Hello")
        }
    }

    @Test(arguments: [
        "helpdesk_id", "conversation_id", "message_id", "recipient_email", "audience",
    ])
    func `an id that is too long costs its row alone`(_ column: String) throws {
        let bed = try SQLiteBed()
        let ids = try bed.insert(3)
        try fill(column, 1_000_000, of: ids[1], bed)
        var lengths: [Int] = []
        var rules = IngestRules.usual
        rules.fault = { row in
            let longest =
                [
                    row.helpdeskID, row.conversationID, row.messageID, row.recipientEmail,
                    row.audience,
                ].map(\.utf8.count).max() ?? 0
            lengths.append(longest)
            return longest > 1_000 ? (.invalidRow, "too long") : nil
        }
        let taken = try bed.store.ingest(limit: 500, at: epoch, rules: rules)
        #expect(taken.rows == 3 && taken.faulty.map(\.id) == [ids[1]])
        #expect(lengths.max() == OutboxLimits.identity)
        #expect(try bed.claim(at: seconds(300)).claims.flatMap(\.rowIDs) == [ids[0], ids[2]])
    }

    @Test func `a long sibling does not keep the same reply from being found`() throws {
        let bed = try SQLiteBed()
        let ids = try ["ann@example.test", "ben@example.test", "ANN@example.test"].map { address in
            try bed.insert(TestRow("m").with { $0.to = address })
        }
        try fill("recipient_email", 1_000_000, of: ids[1], bed)
        try bed.ingest()
        let mails = try bed.api(
            "SELECT mail_id FROM outboxd_rows WHERE id IN (\(ids[0]), \(ids[2]))")
        #expect(Set(mails).count == 1)
    }

    @Test func `the texts of one mail are bounded, whatever its hundred rows hold`() throws {
        let bed = try SQLiteBed()
        for id in try bed.insert(100) {
            try fill("body_text", 600_000, of: id, bed)
            try fill("attachments", 200_000, of: id, bed)
        }
        let rows = try #require(try claimed(bed).first).rows
        #expect(rows.count == 100)
        #expect(rows.reduce(0) { $0 + $1.octets } < 2_200_000)
        #expect(rows.reduce(0) { $0 + $1.bodyText.utf8.count } == OutboxLimits.mail)
        // A row whose room others took says so; the mail then links the conversation.
        #expect(rows.last?.isBodyCut == true && rows.last?.bodyText == "")
        #expect(rows.last?.attachments == "x")
    }

    /// The decision about them needs no texts; those of rows that were read are not read.
    @Test func `rows that go are shown though others before them are long`() throws {
        let bed = try SQLiteBed()
        let ids = try bed.insert(20)
        for id in ids.dropLast() { try fill("body_text", 300_000, of: id, bed) }
        try bed.read(upTo: seconds(18))
        let rows = try #require(try claimed(bed).first).rows
        #expect(rows.map(\.id) == [ids[19]] && rows[0].bodyText == "Hello")
    }

    @Test func `a claim ends where its texts are much, and the next goes on`() throws {
        let bed = try SQLiteBed()
        for number in 0..<20 {
            let id = try bed.insert(
                TestRow("m").with {
                    $0.conversation = "c\(number)"; $0.message = "m\(number)"
                })
            try fill("body_text", 90_000, of: id, bed)
        }
        try bed.ingest()
        let first = try bed.claim(at: seconds(300))
        #expect(first.claims.count == 6)
        #expect(try bed.claim(at: seconds(300)).claims.count == 6)
    }

    @Test func `a conversation with a hundred thousand readers costs a look at a thousand`() throws
    {
        let bed = try SQLiteBed()
        try bed.insert(1)
        try bed.api(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
            INSERT INTO read_markers SELECT 'h', 'c', printf('a%06d@example.test', i), 1 FROM n
            """)
        try bed.read(upTo: seconds(10), reader: "ann@example.test")
        try bed.ingest()
        // In thousands of SQLite's instructions: each reader takes some.
        let steps = bed.sqlite.connection.steps
        let batch = try bed.claim(at: seconds(300))
        #expect(bed.sqlite.connection.steps - steps < 50)
        #expect(batch.claims.isEmpty && batch.skipped.map(\.reason) == [.read])
    }
}
