import Delivery
import Foundation
import Store
import Testing

@testable import Console

struct OutputTests {
    @Test func `JSON is what a parser reads back`() throws {
        let text = "quote \" backslash \\ tab \t nul \0 emoji 👍 bidi \u{202E} C1 \u{9B} / é"
        let value = JSON.object([
            "a": .array([.int(.max), .int(.min), .bool(true), .null]), "b": .string(text),
            "c": .object([:]), "d": .array([]), text: .int(1),
        ])
        for levels in 0...3 {
            let rendered = value.text(expanding: levels)
            let parsed = try JSONSerialization.jsonObject(with: Data(rendered.utf8))
            let object = try #require(parsed as? [String: Any])
            #expect(object["b"] as? String == text)
            #expect((object["a"] as? [Any])?.first as? Int64 == .max)
            #expect(object[text] as? Int == 1)
            #expect(rendered.allSatisfy { $0 == "\n" || !($0.asciiValue.map { $0 < 32 } ?? false) })
        }
        #expect(JSON.array([.int(1), .int(2)]).text(expanding: 1) == "[\n  1,\n  2\n]")
    }

    @Test(arguments: [
        (0, "now"), (12_000, "in 12 s"), (-850, "1 s ago"), (-1_600, "2 s ago"),
        (-185_000, "3 min ago"), (7_200_000, "in 2 h"), (-172_800_000, "2 d ago"),
        (119_400, "in 119 s"), (120_000, "in 2 min"),
    ])
    func `Times as people say them`(offset: Int64, text: String) {
        let now = WallTime(milliseconds: 1_795_374_651_000)
        let time = TimeText(now: now).relative(WallTime(milliseconds: now.milliseconds + offset))
        #expect(time == text)
    }

    @Test func `Moments are UTC, and say so`() {
        let now = WallTime(milliseconds: 1_795_374_651_123)
        #expect(TimeText.moment(now) == "2026-11-22 19:10:51 UTC")
        #expect(TimeText(now: now).short(now - .seconds(720)) == "18:58 UTC")
        #expect(TimeText(now: now).short(now - .seconds(90_000)) == "2026-11-21 18:10:51 UTC")
        // What a table may hold is any number.
        #expect(!TimeText(now: now).full(WallTime(milliseconds: .min)).isEmpty)
        #expect(!TimeText(now: now).full(WallTime(milliseconds: .max)).isEmpty)
    }

    @Test(arguments: [
        (OutboxView.Failure(text: "is no address"), "is no address"),
        (.init(stage: "rcpt", code: 550, enhanced: "5.1.1", text: "no"), "rcpt: 550 5.1.1 no"),
        (
            .init(stage: "rcpt", code: 550, enhanced: "5.1.1", text: "5.1.1 no"),
            "rcpt: 550 5.1.1 no"
        ),
        (.init(stage: "connect", text: "refused"), "connect: refused"),
    ])
    func `Errors in one line`(failure: OutboxView.Failure, line: String) {
        #expect(failure.line == line)
    }
}
