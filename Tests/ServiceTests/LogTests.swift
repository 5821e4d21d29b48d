import Delivery
import Glibc
import Testing

@testable import Service

@Suite struct LogTests {
    private static let time = WallTime(milliseconds: 1_795_369_318_123)

    private func line(
        _ format: LogFormat, _ fields: LogFields = [:], _ event: LogEvent = .mailSent,
        level: LogLevel = .info
    ) -> String {
        String(
            decoding: LogLine.render(
                format, time: Self.time, level: level, event: event, fields: fields),
            as: UTF8.self)
    }

    private let fields: LogFields = [
        "relay": "relay.example:25", "to": "a b", "rows": [3, 4], "attempt": 2, "load": 0.5,
        "delay": .duration(.milliseconds(1_234)), "empty": "",
    ]

    @Test func `text lines have time, level, message and fields`() {
        #expect(
            line(.text, fields)
                == "2026-11-22T17:41:58.123Z info  mail relay=relay.example:25 to=\"a b\" "
                + "rows=3,4 attempt=2 load=0.5 delay=1.234 empty=\"\"\n")
        #expect(line(.text, level: .warning) == "2026-11-22T17:41:58.123Z warning mail\n")
    }

    @Test func `JSON lines are one object with time, level, event, message first`() {
        #expect(
            line(.json, fields)
                == #"{"time":"2026-11-22T17:41:58.123Z","level":"info","event":"mail_sent","message":"mail","#
                + #""relay":"relay.example:25","to":"a b","rows":[3,4],"attempt":2,"load":0.5,"#
                + #""delay":1.234,"empty":""}"# + "\n")
    }

    @Test(arguments: zip(LogLevel.allCases, [7, 6, 5, 4, 3]))
    func `journal lines have a priority and no time`(level: LogLevel, priority: Int) {
        #expect(line(.journal, ["a": 1], level: level) == "<\(priority)>mail a=1\n")
    }

    @Test(arguments: [
        ("a\r\nb", #"a\r\nb"#), ("\u{1B}[2J", #"\u001b[2J"#), ("\u{7F}\u{9B}", #"\u007f\u009b"#),
        ("a\u{2028}b\u{2029}", #"a\u2028b\u2029"#), ("\u{202E}x\u{2066}", #"\u202ex\u2066"#),
        ("\u{200B}\u{FEFF}", #"\u200b\ufeff"#), ("\u{E0001}", #"\udb40\udc01"#),
        ("q\"\\", #"q\"\\"#), ("\u{0}", #"\u0000"#), ("ü 漢 🙂", "ü 漢 🙂"), ("\u{FFFD}", "\u{FFFD}"),
        ("a=b", "a=b"), ("\u{E000}", #"\ue000"#), ("\u{378}", #"\u0378"#),
    ]) func `what the relay says can't leave its quotes`(text: String, escaped: String) {
        #expect(line(.text, ["reply": .string(text)]).hasSuffix(" mail reply=\"\(escaped)\"\n"))
        #expect(
            line(.json, ["reply": .string(text)]).hasSuffix(
                "\"mail\",\"reply\":\"\(escaped)\"}\n"))
    }

    @Test func `a careless field name does not break the line`() {
        #expect(line(.journal, ["a b=\"": 1]) == "<6>mail a_b__=1\n")
    }

    @Test func `numbers that JSON can't say are null`() {
        #expect(
            line(.json, ["x": .double(.infinity), "y": .double(.nan)]).contains(
                #""x":null,"y":null"#))
        #expect(line(.json, ["x": 1e-7]).contains(#""x":1e-07"#))
    }

    @Test(arguments: [
        (Duration.zero, "0.000"), (.microseconds(999), "0.000"), (.milliseconds(-1_500), "-1.500"),
        (.seconds(3_600), "3600.000"), (.seconds(Int64.max), "9223372036854775.807"),
    ]) func `durations are seconds with three decimals`(duration: Duration, text: String) {
        #expect(line(.journal, ["x": .duration(duration)]) == "<6>mail x=\(text)\n")
    }

    @Test(arguments: LogFormat.allCases) func `no line exceeds the limit, and it stays whole`(
        format: LogFormat
    ) {
        for text in ["x", "\u{1B}", "漢", "\""] {
            var many: LogFields = ["rows": .list(Array(repeating: .min, count: 1_000))]
            for index in 0..<20 {
                many.append("f\(index)", .string(String(repeating: text, count: 3_000)))
            }
            many.append("last", "kept")
            let result = line(format, many)
            #expect(result.utf8.count <= LogLine.limit)
            #expect(result.contains("…"))
            #expect(result.contains("truncated"))
            #expect(result.contains("last"))
            #expect(!result.contains("\u{FFFD}"))
            #expect(result.hasSuffix(format == .json ? "}\n" : "\n"))
        }
    }

    @Test func `a field without a value is left out`() {
        var fields: LogFields = ["a": 1]
        fields.append("b", nil)
        fields.append("c", .int(UInt64.max))
        #expect(line(.journal, fields) == "<6>mail a=1 c=9223372036854775807\n")
    }

    @Test func `a disabled level evaluates nothing`() {
        let log = Log(level: .notice, format: .text, descriptor: -1)
        var count = 0
        func noted() -> String {
            count += 1
            return "x"
        }
        log.log(.rowsIngested, ["a": .string(noted())])
        log.log(.mailSent, ["a": .string(noted())])
        #expect(count == 0)
        log.log(.stopped, ["a": .string(noted())])
        #expect(count == 1)
        #expect(!log.isEnabled(.info))
        #expect(log.isEnabled(.error))
        log.use(LogSettings(format: .json, level: .debug))
        log.log(.rowsIngested, ["a": .string(noted())])
        #expect(count == 2)
    }

    @Test func `of several words one alone is a text`() {
        #expect(line(.json, ["t": .words(["a"])]).hasSuffix(#","t":"a"}"# + "\n"))
        #expect(line(.json, ["t": .words(["a", "b"])]).hasSuffix(#","t":["a","b"]}"# + "\n"))
        #expect(line(.text, ["t": .words(["a", "b"])]).hasSuffix(" t=a,b\n"))
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ]) func `times are ISO 8601`(milliseconds: Int64, text: String) {
        #expect(Timestamp.text(WallTime(milliseconds: milliseconds)) == text)
    }

    @Test func `any time has a text`() {
        #expect(Timestamp.text(WallTime(milliseconds: .max)).hasPrefix("292278994-08-17T"))
        #expect(Timestamp.text(WallTime(milliseconds: .min)).hasPrefix("-292275055-05-16T"))
    }
}
