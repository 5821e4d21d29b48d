@testable import Console
import Engine
import Service
import Testing

/// How a drain's end reads: each line of the table that needs no relay.
struct DrainReportTests {
    private func end(_ result: EngineResult, rows: Int = 0) throws -> (code: ExitCode, line: String)
    {
        let outbox = try Outbox()
        for number in 0..<rows { try outbox.add(conversation: "c\(number)") }
        let report = DrainReport(tally: Tally(), store: outbox.store)
        do {
            return (try report.exitCode(result), "")
        } catch let failure as Failure {
            return (failure.code, failure.lines.joined())
        }
    }

    @Test func `a drain that is through ends with 0`() throws {
        #expect(try end(.drained) == (.ok, ""))
        #expect(try end(.stopped) == (.ok, ""))
    }

    @Test func `one that was interrupted says what remains`() throws {
        let end = try end(.stopped, rows: 3)
        #expect(end.code == .tempFail)
        #expect(end.line.contains("stopped; rows that still wait: 3; `outboxd drain` goes on"))
    }

    @Test(
        arguments: [
            (["", "h1"], "everything was paused", "`outboxd resume`"),
            (["h1"], "helpdesk h1 was paused", "`outboxd resume --helpdesk h1`"),
        ] as [(Set<String>, String, String)])
    func `one that was paused says by what, and what ends it`(
        pauses: Set<String>, what: String, next: String
    ) throws {
        let end = try end(.paused(pauses), rows: 2)
        #expect(end.code == .tempFail)
        #expect(end.line.hasPrefix(what) && end.line.contains("rows that still wait: 2"))
        #expect(end.line.contains(next))
    }

    @Test func `one that meets a restored database says so, and how to release it`() throws {
        let end = try end(.restored, rows: 2)
        #expect(end.code == .tempFail)
        #expect(end.line.contains("restored from an older state, so this drain sends nothing"))
        #expect(end.line.contains("rows that still wait: 2"))
        #expect(end.line.contains("`outboxd resume --restored`, then drain again"))
    }

    @Test func `a relay that can't be used is 69, whichever it is`() throws {
        let down = try end(.relayDown)
        #expect(down.code == .unavailable && down.line.contains("the relay can't be used"))
        let refusing = try end(.relayRefuses("554 5.7.1 Relay access denied"))
        #expect(refusing.code == .unavailable)
        #expect(refusing.line.contains("554 5.7.1 Relay access denied"))
        #expect(refusing.line.contains("check --smtp-url"))
    }

    @Test func `a database that can't be worked with is 74`() throws {
        #expect(try end(.failed("disk full")) == (.ioError, "disk full"))
    }
}
