import Delivery
import Store
import TestSupport

/// A store under test, and the same database as the API server sees it.
///
/// What a second kind of store has to provide to run ``StoreConformance``. The SQL is the API
/// server's and plain enough for any of them.
protocol StoreBed: AnyObject {
    var store: any OutboxStore { get }
    /// The same database through the eyes of another process.
    func another() throws -> any OutboxStore
    @discardableResult
    func insert(_ row: TestRow) throws -> Int64
    /// Runs a statement as the API server: the first column of each row, NULL as "-".
    @discardableResult
    func api(_ sql: String) throws -> [String]
}

/// Where the tests' clock begins: 2023-11-14, far from everybody's now.
let epoch = WallTime(milliseconds: 1_700_000_000_000)

/// So many milliseconds after ``epoch``.
func at(_ milliseconds: Int64) -> WallTime { epoch + .milliseconds(milliseconds) }

func seconds(_ count: Int64) -> WallTime { at(count * 1_000) }

extension TestRow {
    init(_ message: String) {
        self.init(
            conversation: "c", helpdesk: "h", message: message, createdAt: epoch.milliseconds)
    }

    /// When it was created.
    var created: WallTime {
        get { WallTime(milliseconds: createdAt ?? 0) }
        set { createdAt = newValue.milliseconds }
    }
}

extension StoreBed {
    /// So many rows of one conversation, a second apart, messages c-m1, c-m2 and so on.
    @discardableResult
    func insert(_ count: Int, conversation: String = "c") throws -> [Int64] {
        try (1...count).map { number in
            try insert(
                TestRow("\(conversation)-m\(number)").with {
                    $0.conversation = conversation
                    $0.created = seconds(Int64(number - 1))
                })
        }
    }

    func read(
        upTo marker: WallTime, conversation: String = "c", reader: String = "ann@example.test"
    )
        throws
    {
        try api(
            """
            INSERT INTO read_markers (helpdesk_id, conversation_id, reader_email, last_read_at)
            VALUES ('h', '\(conversation)', '\(reader)', \(marker.milliseconds))
            ON CONFLICT (helpdesk_id, conversation_id, reader_email)
            DO UPDATE SET last_read_at = excluded.last_read_at
            """)
    }

    func cancel(_ id: Int64) throws {
        try api("UPDATE outbox SET cancelled_at = \(epoch.milliseconds) WHERE id = \(id)")
    }

    func delete(_ id: Int64) throws { try api("DELETE FROM outbox WHERE id = \(id)") }

    /// `state` or `state/reason`, as the API server reads it.
    func state(_ id: Int64) throws -> String {
        try status("state || coalesce('/' || reason, '')", id)
    }

    func states(_ ids: [Int64]) throws -> [String] { try ids.map(state) }

    func status(_ columns: String, _ id: Int64) throws -> String {
        try api("SELECT \(columns) FROM outbox_status WHERE id = \(id)").first ?? "none"
    }

    func dueAt(_ id: Int64) throws -> WallTime {
        WallTime(milliseconds: Int64(try status("due_at", id)) ?? -1)
    }
}

extension StoreBed {
    @discardableResult
    func ingest(
        limit: Int = 500, at now: WallTime = epoch, from other: (any OutboxStore)? = nil
    ) throws -> Ingested {
        try (other ?? store).ingest(limit: limit, at: now, rules: .usual)
    }

    /// What a daemon would wait for.
    func nextDue() throws -> WallTime? {
        try store.nextDue(ClaimRequest(now: epoch, limit: 1, owner: 1))
    }

    func claim(
        at now: WallTime, limit: Int = 100, from other: (any OutboxStore)? = nil,
        _ change: (inout ClaimRequest) -> Void = { _ in }
    ) throws -> ClaimedBatch {
        var request = ClaimRequest(now: now, limit: limit, owner: 1)
        change(&request)
        let rules = try RealRules(at: now, ignoresHold: request.ignoresHold)
        return try (other ?? store).claim(request, decide: rules.decide)
    }

    @discardableResult
    func finish(
        _ claim: Claim, _ outcome: FinishedMail.Outcome, at now: WallTime,
        error: DeliveryError? = nil, event: SenderEvent? = nil
    ) throws -> FinishedBatch {
        try store.finish([
            FinishedMail(
                mail: InFlightMail(claim), outcome: outcome, error: error, at: now,
                senderEvent: event)
        ])
    }

    @discardableResult
    func review(
        at now: WallTime, limit: Int = 100, after: ReviewPosition? = nil,
        goesOn: () -> Bool = { true }
    ) throws -> Reviewed {
        try store.review(
            ReviewRequest(now: now, limit: limit, after: after), goesOn: goesOn,
            decide: RealRules(at: now).review)
    }
}
