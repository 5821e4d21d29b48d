import TestSupport
import Testing

/// `status` tells whether anybody works on the database: by the locks, not by leases, which an idle
/// process has none of.
struct ProcessesTests {
    @Test func `status counts the processes that live`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        #expect(try outboxd.command("status").output.contains("no outboxd works"))
        let first = try outboxd.run()
        #expect(try outboxd.command("status").output.contains("1 outboxd works"))
        try outboxd.run()
        #expect(try outboxd.command("status").output.contains("2 outboxd work"))
        first.kill()
        #expect(first.waitForExit() != nil)
        #expect(try outboxd.command("status").output.contains("1 outboxd works"))
    }
}
