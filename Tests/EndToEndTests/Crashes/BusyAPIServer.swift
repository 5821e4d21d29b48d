import Delivery
import SQLite
import Synchronization
import TestSupport

/// An API server that goes on writing: replies of all kinds, some of which are read or taken back at once.
///
/// One thread owns it.
final class BusyAPIServer {
    private let connection: Connection
    private var random: SplitMix64
    /// The rows that were inserted, by id: their texts.
    private(set) var texts: [Int64: String] = [:]
    /// Those that need not go out.
    private(set) var mayBeSkipped: Set<Int64> = []
    private var conversations: [Int: [Int64]] = [:]

    init(database: String, seed: UInt64) throws {
        connection = try Connection(path: database, mode: .readWrite)
        connection.whileBusy { $0 < .seconds(20) }
        random = SplitMix64(seed: seed)
        try connection.execute(
            """
            INSERT INTO helpdesks (id, name, from_address)
            VALUES ('h1', 'One', 'one@acme.test'), ('h2', 'Two', 'two@acme.test')
            """)
    }

    /// One transaction: some replies, and what else happens now and then.
    func act() throws {
        try connection.transaction {
            for _ in 0..<Int.random(in: 1...12, using: &random) { try insert() }
            switch Int.random(in: 0..<20, using: &random) {
            case 0: try read()
            case 1: try cancel()
            case 2: try pause(true)
            case 3, 4: try pause(false)
            default: break
            }
        }
    }

    /// Nothing is held back any more.
    func end() throws { try pause(false) }

    private func insert() throws {
        let conversation = Int.random(in: 0..<200, using: &random)
        let number = texts.count + 1
        let isLarge = Int.random(in: 0..<200, using: &random) == 0
        let text = "<<reply \(number)>>"
        let row = Row(
            to: "c\(conversation)@example.test", conversation: "c\(conversation)",
            body: text + (isLarge ? String(repeating: " x", count: 30_000) : ""),
            helpdesk: conversation.isMultiple(of: 4) ? "h2" : "h1", message: "m\(number)",
            instant: Bool.random(using: &random))
        let id = try row.insert(into: connection)
        texts[id] = text
        conversations[conversation, default: []].append(id)
    }

    /// Somebody is shown all of a conversation.
    private func read() throws {
        guard let (conversation, ids) = conversations.randomElement(using: &random) else { return }
        let helpdesk = conversation.isMultiple(of: 4) ? "h2" : "h1"
        try connection.execute(
            """
            INSERT INTO read_markers VALUES ('\(helpdesk)', 'c\(conversation)',
                'c\(conversation)@example.test', \(TestClock.wall.milliseconds))
            ON CONFLICT DO UPDATE SET last_read_at = excluded.last_read_at
            """)
        mayBeSkipped.formUnion(ids)
    }

    private func cancel() throws {
        guard let id = texts.keys.max() else { return }
        try connection.execute(
            "UPDATE outbox SET cancelled_at = \(TestClock.wall.milliseconds) WHERE id = \(id)")
        mayBeSkipped.insert(id)
    }

    private func pause(_ isPaused: Bool) throws {
        try connection.execute(
            "UPDATE helpdesks SET paused = \(isPaused ? 1 : 0) WHERE id = 'h2'")
    }
}
