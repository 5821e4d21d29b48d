import Delivery
import Engine
import Service
import SQLite
import Store
import TestSupport
import Testing

/// A process that noticed how the clock was set has gone before the times had followed.
///
/// What is known of the clock is changed instead: a test can't set the machine's.
struct ClockTests {
    private static let step = Duration.seconds(3_600)

    /// Knows the clock as it was before it was set on by an hour, and then follows it, as far as one
    /// transaction goes.
    private final class Predecessor {
        let store: SQLiteStore
        private let bootID = SystemClock.bootID ?? ""

        init(_ bed: EngineBed) throws {
            store = try SQLiteStore(connection: Database.open(path: bed.path))
            #expect(
                try follow(offset - ClockTests.step, at: TestClock.wall - ClockTests.step) == nil)
        }

        private var offset: Duration {
            .milliseconds(TestClock.wall.milliseconds)
                - (TestClock.steady - SteadyTime(nanoseconds: 0))
        }

        func followStep() throws {
            #expect(try follow(offset, at: TestClock.wall) != nil)
        }

        private func follow(_ offset: Duration, at now: WallTime) throws -> Duration? {
            try store.followClock(bootID: bootID, offset: offset, at: now) { before, now in
                now - before > .seconds(1) ? now - before : nil
            }
        }
    }

    /// By what the clock says the hold of all of them is long over.
    private let written = Int64(3_601_000)

    private func bed() throws -> EngineBed {
        let bed = try EngineBed()
        bed.settings.hold = HoldPolicy(hold: .seconds(60))
        return bed
    }

    private func isOnHold(_ id: Int64, _ bed: EngineBed) throws -> Bool {
        let left = try bed.value("due_at", id) - TestClock.wall.milliseconds
        return (20_000...60_000).contains(left)
    }

    @Test func `rows that were not ingested follow a step that another process noticed`() throws {
        let bed = try bed()
        let predecessor = try Predecessor(bed)
        let held = try bed.insert("m1", conversation: "held", instant: false, age: written)
        try predecessor.followStep()
        let engine = try bed.start()
        let after = try bed.insert("m2", conversation: "after")
        #expect(try bed.waitFor("sent", after))
        #expect(try bed.state(held) == "pending/hold" && isOnHold(held, bed))
        #expect(bed.stop(engine) == .stopped)
    }

    /// A slice is a thousand mails.
    @Test func `the next process moves the times that are left, and sends nothing before`() throws {
        let bed = try bed()
        let predecessor = try Predecessor(bed)
        try bed.server.transaction {
            for number in 1...5_000 {
                try bed.insert(
                    "m\(number)", conversation: "c\(number)", instant: false, age: written)
            }
        }
        let hold = bed.settings.hold
        let rules = IngestRules(
            normalize: AddressText.normalized,
            dueAt: { hold.dueAt(createdAt: $0, isInstant: $1, ingestedAt: $0) }, fault: { _ in nil }
        )
        while try predecessor.store.ingest(limit: 5_000, at: TestClock.wall, rules: rules).hasMore {
        }
        try predecessor.followStep()
        let after = try bed.insert("n", conversation: "after")
        let engine = try bed.start()
        #expect(try bed.waitFor("sent", after))
        #expect(
            try eventually {
                try bed.server.statement(
                    "SELECT 1 FROM outboxd_shifts WHERE position IS NOT NULL LIMIT 1"
                ).first { _ in true } == nil
            })
        let now = TestClock.wall.milliseconds
        #expect(
            try bed.count(
                "state = 'pending' AND due_at BETWEEN \(now + 20_000) AND \(now + 60_000)") == 5_000
        )
        #expect(bed.relay.mails.count == 1)
        #expect(bed.stop(engine) == .stopped)
    }
}
