import Delivery
import Testing

@Suite struct RowCheckTests {
    static let good = RowValues(
        helpdeskID: "acme", conversationID: "c1", messageID: "m1",
        createdAt: wall(0).milliseconds)

    func fault(_ change: (inout RowValues) -> Void) -> RowFault? {
        var row = Self.good
        change(&row)
        return RowCheck.fault(in: row)
    }

    @Test func `a plain row is good`() {
        #expect(RowCheck.fault(in: Self.good) == nil)
        #expect(fault { $0.audience = "operator" } == nil)
    }

    // "a value that looks like seconds makes the row `invalid_row`"
    @Test(
        arguments: [
            (1_780_000_000, "looks like seconds (1780000000)"),
            (1, "looks like seconds (1)"),
            (99_999_999_999, "looks like seconds (99999999999)"),
            (0, "is not after 1970 (0)"), (-1, "is not after 1970 (-1)"),
            (Int64.min, "is not after 1970 (-9223372036854775808)"),
            (253_402_300_800_000, "lies after the year 9999 (253402300800000)"),
            (1_780_000_000_000_000, "lies after the year 9999 (1780000000000000)"),
            (Int64.max, "lies after the year 9999 (9223372036854775807)"),
        ] as [(Int64, String)])
    func `a time that is not in milliseconds is a fault`(createdAt: Int64, sentence: String) {
        let fault = fault { $0.createdAt = createdAt }
        #expect(
            fault?.description
                == "created_at \(sentence): milliseconds since the Unix epoch are expected")
        #expect(
            self.fault { $0.notBefore = createdAt }?.description
                == "not_before \(sentence): milliseconds since the Unix epoch are expected")
    }

    @Test(arguments: [100_000_000_000, 1_780_000_000_000, 253_402_300_799_999] as [Int64])
    func `a time in milliseconds is none`(createdAt: Int64) {
        #expect(fault { $0.createdAt = createdAt } == nil)
    }

    @Test(arguments: ["", " ", "\t\r\n", "\u{A0}\u{2003}\u{3000}"])
    func `an id that is empty or white space is a fault`(id: String) {
        #expect(fault { $0.helpdeskID = id }?.description == "helpdesk_id is empty")
        #expect(fault { $0.conversationID = id }?.description == "conversation_id is empty")
        #expect(fault { $0.messageID = id }?.description == "message_id is empty")
    }

    // "`audience` … `visitor` (an operator replied) or `operator` (a visitor wrote)"
    @Test(arguments: ["", "Visitor", "visitor ", "operators", "agent"])
    func `another audience is a fault`(audience: String) {
        #expect(
            fault { $0.audience = audience }?.description
                == "audience is neither visitor nor operator")
    }

    @Test func `ids have at most 1,000 characters, however many octets`() {
        let longest = String(repeating: "\u{1F4E7}", count: 1_000)
        #expect(fault { $0.messageID = longest } == nil)
        #expect(
            fault { $0.messageID = longest + "x" }?.description
                == "message_id has more than 1000 characters")
        // One grapheme of any number of scalars is no way round it.
        let tower = "a" + String(repeating: "\u{301}", count: 1_000)
        #expect(fault { $0.helpdeskID = tower }?.column == "helpdesk_id")
        #expect(fault { $0.conversationID = tower + tower }?.column == "conversation_id")
    }

    @Test func `texts of one line and URLs have at most 10,000`() {
        let longest = String(repeating: "é", count: 10_000)
        let columns: [(String, WritableKeyPath<RowValues, String?>)] = [
            ("recipient_name", \.recipientName), ("author_name", \.authorName),
            ("subject", \.subject), ("page_url", \.pageURL),
            ("unsubscribe_url", \.unsubscribeURL), ("in_reply_to", \.inReplyTo),
            ("locale", \.locale),
        ]
        for (column, path) in columns {
            #expect(fault { $0[keyPath: path] = longest } == nil)
            #expect(
                fault { $0[keyPath: path] = longest + "é" }?.description
                    == "\(column) has more than 10000 characters")
        }
    }

    @Test func `the first fault of several is told`() {
        let fault = fault {
            $0.conversationID = ""
            $0.audience = "?"
            $0.createdAt = 0
        }
        #expect(fault?.column == "conversation_id")
    }
}
