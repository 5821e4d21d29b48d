import SQLite
import TestSupport
import Testing

/// What the relay got, beside what the database says.
struct RandomKillLedger {
    private struct Ended {
        var state: String
        var reason: String?
        var isUncertain: Bool
        var messageID: String?
    }

    private let rows: [Int64: Ended]
    /// The accepted copies, by Message-ID.
    private let copies: [String: [ReceivedMail]]
    private let texts: [Int64: String]
    private let mayBeSkipped: Set<Int64>

    init(_ outboxd: Outboxd, _ api: BusyAPIServer) throws {
        texts = api.texts
        mayBeSkipped = api.mayBeSkipped
        copies = Dictionary(grouping: outboxd.relay.mails) { $0.messageID ?? "" }
        let connection = try Connection(path: outboxd.database, mode: .readWrite)
        let found = try connection.statement(
            "SELECT id, state, reason, uncertain, email_message_id FROM outbox_status"
        ).all {
            (
                $0.int(0),
                Ended(
                    state: $0.text(1), reason: $0.optionalText(2), isUncertain: $0.bool(3),
                    messageID: $0.optionalText(4))
            )
        }
        rows = Dictionary(uniqueKeysWithValues: found)
    }

    private var uncertain: Set<String> {
        Set(rows.values.filter(\.isUncertain).compactMap(\.messageID))
    }
    private var doubles: [String: [ReceivedMail]] { copies.filter { $0.value.count > 1 } }

    var words: String {
        let sent = rows.values.count { $0.state == "sent" }
        let most = copies.values.map(\.count).max() ?? 0
        return """
            \(sent) of them sent in \(copies.count) mails, \(rows.count - sent) read or taken back, \(lost.count) lost; \
            \(uncertain.count) mails marked uncertain, \(doubles.count) of them accepted more than \
            once (at most \(most) times), \(unmarked.count) more than once without a mark
            """
    }

    /// Rows that are said to be sent, and are in no mail that was accepted under their Message-ID.
    private var lost: [Int64] {
        rows.filter { id, row in
            guard row.state == "sent" else { return false }
            let mail = copies[row.messageID ?? ""]?.first
            return !(mail.map { holds($0, texts[id] ?? "") } ?? false)
        }.map(\.key)
    }

    private var unmarked: [String] { doubles.keys.filter { !uncertain.contains($0) } }

    private func holds(_ mail: ReceivedMail, _ text: String) -> Bool {
        !mail.data.isEmpty && !text.isEmpty
            && String(decoding: mail.data, as: UTF8.self).contains(text)
    }

    func check() {
        #expect(Set(rows.keys) == Set(texts.keys))
        #expect(lost.isEmpty)
        #expect(unmarked.isEmpty)
        for mails in doubles.values { #expect(Set(mails.map(\.data)).count == 1) }
        let skipped = rows.filter { $0.value.state != "sent" }
        for (id, row) in skipped {
            #expect(row.state == "skipped" && mayBeSkipped.contains(id), "\(id): \(row)")
        }
        // Nothing went out under a Message-ID that no row bears.
        let known = Set(rows.values.compactMap(\.messageID))
        #expect(Set(copies.keys).isSubset(of: known))
    }
}
