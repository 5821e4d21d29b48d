import Delivery
import Foundation
import SQLite
import Store
import TestSupport
import Testing

/// A throw-away database with rows in it, and the built binary to ask about it.
final class Outbox {
    let directory: TemporaryDirectory
    let path: String
    let connection: Connection
    let store: SQLiteStore
    /// What rows are created at, unless they say otherwise.
    let now = WallTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))

    init() throws {
        directory = try TemporaryDirectory(mode: 0o755)
        path = directory.file("outbox.db")
        _ = try Database.migrate(path: path)
        connection = try Database.open(path: path)
        store = try SQLiteStore(connection: connection)
    }

    var reader: SQLiteReader { SQLiteReader(connection) }

    // MARK: Rows

    @discardableResult
    func add(
        helpdesk: String = "h1", conversation: String = "c1", message: String? = nil,
        to recipient: String = "ann@example.test", id: Int64? = nil, createdAt: WallTime? = nil
    ) throws -> Int64 {
        try TestRow(
            id: id, to: recipient, conversation: conversation, body: "secret words",
            helpdesk: helpdesk, message: message,
            createdAt: (createdAt ?? now - .seconds(120)).milliseconds
        ).insert(into: connection)
    }

    func ingest() throws {
        let rules = IngestRules(
            normalize: AddressText.normalized, dueAt: { time, _ in time + .seconds(60) },
            fault: { row in
                row.recipientEmail.contains("@")
                    ? nil : (.invalidAddress, "recipient_email: is no address")
            })
        _ = try store.ingest(limit: 1_000, at: now, rules: rules)
    }

    /// Everything that is due goes into mails under way.
    func claim(at time: WallTime? = nil) throws -> [Claim] {
        let request = ClaimRequest(now: time ?? now, limit: 1_000, owner: 1)
        return try store.claim(request) { candidate in
            ClaimDecision(
                .send(
                    rows: candidate.rows.map(\.id), sender: "support@acme.test",
                    emailMessageID: "<\(candidate.mailID)@acme.test>"))
        }.claims
    }

    /// Takes everything in, and ends everything that is due in the same way.
    func finish(
        _ outcome: FinishedMail.Outcome, error: DeliveryError? = nil, reply: SMTPReply? = nil,
        at time: WallTime? = nil
    ) throws {
        try ingest()
        let mails = try claim().map { claim in
            FinishedMail(
                mail: InFlightMail(claim), outcome: outcome, error: error, reply: reply,
                at: time ?? now, duration: .milliseconds(35), queued: .seconds(2),
                connecting: .milliseconds(120), relay: "relay.test[192.0.2.1]:25")
        }
        _ = try store.finish(mails)
    }

    // MARK: The binary

    func run(
        _ arguments: String..., environment: [String: String] = [:]
    ) throws -> ChildProcess.Result {
        let own = ["OUTBOXD_DATABASE": path].merging(environment) { $1 }
        return try OutboxdBinary.run(arguments, environment: own)
    }

    /// What the binary prints, as JSON.
    ///
    /// It has to end with 0.
    func json(_ arguments: String...) throws -> Any {
        let result = try OutboxdBinary.run(
            arguments + ["--json"], environment: ["OUTBOXD_DATABASE": path])
        #expect(result.exit == .code(0), "\(arguments): \(result.errors)")
        return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    }

    func list(_ arguments: String...) throws -> [[String: Any]] {
        let result = try OutboxdBinary.run(
            ["list", "--json"] + arguments, environment: ["OUTBOXD_DATABASE": path])
        let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return value as? [[String: Any]] ?? []
    }
}

extension ChildProcess.Result {
    /// One line that begins as all complaints do: nothing else was written.
    var isOneComplaint: Bool {
        errors.hasPrefix("outboxd: ") && errors.split(separator: "\n").count == 1 && output.isEmpty
    }
}
