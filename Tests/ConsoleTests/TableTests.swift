import Delivery
@testable import Store
import Testing

@testable import Console

struct TableTests {
    @Test func `A table is aligned, and cut on a terminal only`() {
        var table = Table([.init(title: "N", isNumber: true), .init(title: "TEXT")])
        table.add(["7", "seven\u{1B}[31m"])
        table.add(["1234", ""])
        #expect(table.text(width: nil) == "   N  TEXT\n   7  seven\\u001b[31m\n1234\n")
        #expect(table.text(width: 8) == "   N  T…\n   7  s…\n1234\n")
    }

    @Test func `Columns stand one under the other whatever the script`() {
        var table = Table([.init(title: "WHO"), .init(title: "TEXT")])
        table.add(["株式会社", "a"])
        table.add(["Zoe\u{308}", "b"])
        #expect(table.text(width: nil) == "WHO       TEXT\n株式会社  a\nZoe\u{308}       b\n")
        let cut = table.text(width: 9).split(separator: "\n")
        #expect(cut == ["WHO     …", "株式会社…", "Zoe\u{308}     …"])
    }

    private static let columns: [Table.Column] = [
        .init(title: "A"), .init(title: "B", omission: .init(order: 2)),
        .init(title: "C", omission: .init(order: 1)),
        .init(title: "D", omission: .init(order: 3, untilLastHas: 4)), .init(title: "WHY"),
    ]

    /// The cells are one column wide, the last is ten.
    @Test(arguments: [
        (nil, "a  b  c  d  0123456789"), (22, "a  b  c  d  0123456789"),
        (21, "a  b  d  0123456789"), (19, "a  b  d  0123456789"), (18, "a  d  0123456789"),
        (15, "a  d  01234567…"), (10, "a  d  012…"), (9, "a  01234…"), (4, "a  …"), (1, "…"),
        (0, "…"),
    ])
    func `Columns make room for the last in their order`(width: Int?, line: String) {
        var table = Table(Self.columns)
        table.add(["a", "b", "c", "d", "0123456789"])
        #expect(table.text(width: width).split(separator: "\n").last ?? "" == line)
    }

    // MARK: Rows

    private static let now = WallTime(milliseconds: 1_795_374_651_000)

    private static func rows(width: Int?, cause: String) -> [String] {
        let row = OutboxView.Row(
            id: 123_456, helpdeskID: "acme", conversationID: "conversation-7", messageID: "m1",
            audience: "visitor", recipientEmail: "ann@example.test", state: .pending,
            reason: "deferred", isUncertain: false, attempts: 3, createdAt: now, dueAt: now,
            lastError: .init(stage: "rcpt", code: 450, enhanced: "4.2.0", text: cause))
        return RowTable.text([row], now: now, width: width).split(separator: "\n").map(String.init)
    }

    @Test func `At 40 columns the id, the state and the cause are legible`() {
        let lines = Self.rows(width: 40, cause: "4.2.0 Greylisted, come again")
        #expect(
            lines == [
                "    ID  STATE              LAST ERROR", "123456  pending: deferred  rcpt: 450 4.…",
            ])
    }

    @Test func `At 80 columns the cause is whole`() {
        let lines = Self.rows(width: 80, cause: "4.2.0 Greylisted, come again")
        let expected = [
            "    ID  STATE              LAST ERROR",
            "123456  pending: deferred  rcpt: 450 4.2.0 Greylisted, come again",
        ]
        #expect(lines == expected)
        let wide = Self.rows(width: 98, cause: "4.2.0 Greylisted, come again")
        #expect(wide[0].contains("RECIPIENT") && !wide[0].contains("WHEN"))
        #expect(wide[1].hasSuffix("come again"))
    }

    @Test func `A cause of many words leaves room for who and when where there is some`() {
        let lines = Self.rows(width: 140, cause: "4.2.0 " + String(repeating: "word ", count: 50))
        #expect(!lines[0].contains("HELPDESK") && !lines[0].contains("CONVERSATION"))
        #expect(lines[0].contains("WHEN") && lines[0].contains("RECIPIENT"))
        #expect(Self.rows(width: nil, cause: "no")[0].contains("HELPDESK"))
    }

    @Test func `A long cell is cut before other columns make room for it`() {
        var table = Table([
            .init(title: "A", omission: .init(order: 1)), .init(title: "B", most: 4),
            .init(title: "WHY"),
        ])
        table.add(["a", "0123456789", "why"])
        #expect(table.text(width: 12) == "A  B     WHY\na  012…  why\n")
        #expect(table.text(width: nil).contains("0123456789"))
    }
}
