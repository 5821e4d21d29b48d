import Delivery
import Foundation
import TestSupport
import Testing

@testable import Service

/// The log's events, and the table that explains them.
@Suite struct LogEventTests {
    private static func rows() throws -> [[String]] {
        let page = try Repository.text(ofPage: "Operating")
        let start = try #require(page.range(of: "| event | line | level | meaning |\n"))
        let table = page[start.upperBound...].components(separatedBy: "\n\n")[0]
        return table.components(separatedBy: "\n").dropFirst().map { line in
            line.components(separatedBy: "|").dropFirst().dropLast().map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
    }

    @Test func `the operators' page has each event, with its words and its level`() throws {
        let rows = try Self.rows()
        let wanted = LogEvent.allCases.map { event in
            let level = event == .repeated ? "as the line" : event.line.level.rawValue
            return ["`\(event.rawValue)`", "`\(event.line.text)`", level]
        }
        #expect(Set(rows.map { Array($0.prefix(3)) }) == Set(wanted))
        #expect(rows.count == wanted.count)
        #expect(rows.allSatisfy { $0.count == 4 && !$0[3].isEmpty })
    }

    @Test func `names are lower case words, and the journal takes them`() {
        for event in LogEvent.allCases {
            #expect(event.rawValue.allSatisfy { ("a"..."z").contains($0) || $0 == "_" })
            #expect(event.line.text.utf8.count < 100)
        }
    }

    @Test func `every event is logged somewhere`() throws {
        let all = FileManager.default.enumerator(
            at: Repository.root.appending(path: "Sources"), includingPropertiesForKeys: nil)
        var code = ""
        for case let file as URL in all ?? .init()
        where file.pathExtension == "swift" && !file.lastPathComponent.hasPrefix("LogEvent") {
            code += try String(contentsOf: file, encoding: .utf8)
        }
        for event in LogEvent.allCases {
            let name = String(describing: event)
            let isUsed = try code.contains(Regex("\\.\(name)\\b"))
            #expect(isUsed, "\(name)")
        }
    }

    /// Whatever stands in the fields.
    @Test(arguments: LogEvent.allCases) func `its JSON is an object that says the event`(
        event: LogEvent
    ) throws {
        let hostile = "\"}\n{\u{0}\\\u{1B}[2J\u{2028}漢"
        let fields: LogFields = [
            "rows": [1, 2], "error": .string(hostile), "a\"b": .string(hostile), "n": .double(.nan),
            "d": .duration(.seconds(2)), "traceparent": .words(["a", hostile]), "none": .words([]),
        ]
        let line = LogLine.render(
            .json, time: WallTime(milliseconds: 0), level: event.line.level, event: event,
            fields: fields)
        #expect(line.count { $0 == 0x0A } == 1)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        #expect(object["event"] as? String == event.rawValue)
        #expect(object["level"] as? String == event.line.level.rawValue)
        #expect(object["message"] as? String == event.line.text)
        #expect(object["rows"] as? [Int] == [1, 2])
        #expect((object["traceparent"] as? [String])?.count == 2)
    }
}
