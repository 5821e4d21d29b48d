import Delivery
import Foundation
import TestSupport
import Testing

/// "Memory is bounded in octets, whatever rows hold (a text is cut at 100 kB, a mail at 500 kB, with a
/// link to the conversation)".
@Suite(.serialized) struct MemoryTests {
    private static let most = 64 << 20
    private static let cut = "Open the conversation to read the rest."

    /// The most memory that the process has had at a time (proc(5), status), in octets.
    private func peak(of process: ChildProcess) throws -> Int {
        let path = "/proc/\(process.processID)/status"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for line in text.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            if let count = Int(line.split(separator: " ").dropLast().last ?? "") {
                return count * 1_024
            }
        }
        throw Unexpected("\(path) can't be read")
    }

    private func makeHelpdesk(_ outboxd: Outboxd) throws {
        try outboxd.sql(
            """
            INSERT INTO helpdesks (id, name, from_address, ticket_center_url)
            VALUES ('h1', 'Acme', 'support@acme.test', 'https://acme.test/c/{conversation}')
            """)
    }

    /// One row whose column has so many octets, as an API server would write it.
    private func insert(
        _ octets: Int, into column: String, conversation: String, message: String,
        _ outboxd: Outboxd
    ) throws {
        var values = [
            "helpdesk_id": "'h1'", "conversation_id": "'\(conversation)'",
            "message_id": "'\(message)'", "recipient_email": "'\(conversation)@example.test'",
            "instant": "1", "created_at": "\(TestClock.wall.milliseconds)", "body_text": "'short'",
        ]
        values[column] = "printf('%.*c', \(octets), 'x')"
        let columns = values.keys.sorted()
        try outboxd.sql(
            """
            INSERT INTO outbox (\(columns.joined(separator: ", ")))
            VALUES (\(columns.compactMap { values[$0] }.joined(separator: ", ")))
            """)
    }

    private func normal(_ count: Int) -> [Row] {
        (0..<count).map {
            Row(to: "n\($0)@example.test", conversation: "n\($0)", instant: true)
        }
    }

    @Test func `a body of 300 MB and a hundred of 5 MB cost no more than the others`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try makeHelpdesk(outboxd)
        try insert(300_000_000, into: "body_text", conversation: "big", message: "b", outboxd)
        for number in 0..<100 {
            try insert(
                5_000_000, into: "body_text", conversation: "many", message: "m\(number)", outboxd)
        }
        try outboxd.insert(normal(200))
        let daemon = try outboxd.run()
        #expect(outboxd.relay.waitForMails(202, timeout: .seconds(60)), "\(daemon.errors)")
        let mails = outboxd.relay.mails
        let peak = try peak(of: daemon)
        #expect(peak < Self.most, "the peak is \(peak / 1_000_000) MB")
        let big = mails.filter { $0.recipient == "big@example.test" }
        let many = mails.filter { $0.recipient == "many@example.test" }
        #expect(big.count == 1 && many.count == 1)
        for mail in big + many {
            let text = String(decoding: mail.data, as: UTF8.self).replacing("=\r\n", with: "")
            #expect(text.contains(Self.cut) && text.contains("https://acme.test/c/"))
            #expect(mail.data.count < 1_500_000)
        }
        #expect(try outboxd.wait(for: 301, "sent"))
    }

    /// None of them may cost the others a mail, and each one goes out, or fails with a sentence.
    @Test(arguments: [
        ("subject", "sent"), ("author_name", "sent"), ("attachments", "sent"),
        ("page_url", "sent"), ("in_reply_to", "sent"), ("locale", "sent"),
        ("recipient_name", "sent"), ("unsubscribe_url", "sent"), ("audience", "failed/invalid_row"),
        ("helpdesk_id", "failed/invalid_row"), ("conversation_id", "failed/invalid_row"),
        ("message_id", "failed/invalid_row"), ("recipient_email", "failed/invalid_address"),
    ])
    func `a value of 60 MB in any column is the row's alone`(
        _ column: String, _ summary: String
    ) throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try makeHelpdesk(outboxd)
        let daemon = try outboxd.run()
        try insert(60_000_000, into: column, conversation: "big", message: "b", outboxd)
        try outboxd.insert(normal(20))
        let sent = summary == "sent" ? 21 : 20
        #expect(outboxd.relay.waitForMails(sent, timeout: .seconds(30)), "\(daemon.errors)")
        let state = summary.split(separator: "/").first.map(String.init) ?? ""
        #expect(try outboxd.status(1, after: state).summary == summary)
        let peak = try peak(of: daemon)
        #expect(peak < Self.most, "the peak is \(peak / 1_000_000) MB")
        // Nor does it take the list of the others away.
        let list = try outboxd.command("list", "--json")
        #expect(list.exit == .code(0) && list.output.contains("n19@example.test"))
    }

    /// With 200 MB for its data each of them failed, or was killed in a small container.
    @Test func `what is read by hand takes no more, ingested or not`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        try insert(
            300_000_000, into: "helpdesk_id", conversation: "big", message: "b", outboxd)
        for isIngested in [false, true] {
            if isIngested {
                try outboxd.run()
                #expect(try outboxd.status(1, after: "failed").state == "failed")
            }
            for command in ["status --json", "list --json", "show 1", "show 1 --json"] {
                let result = try ChildProcess.run(
                    "/bin/sh", ["-c", "ulimit -d 200000; exec \(outboxd.binary) \(command)"],
                    environment: outboxd.environment, directory: outboxd.directory.path)
                #expect(result.exit == .code(0), "\(command): \(result.errors)")
                #expect(result.output.contains(command.hasPrefix("status") ? "pending" : "xxx"))
            }
        }
    }

    /// Each octet of these texts becomes seven in the mail: sixteen such mails are 56 MB, and as much again on the wire.
    @Test func `long mails that wait for a slow relay are claimed a few at a time`() throws {
        let outboxd = try Outboxd(["OUTBOXD_SMTP_CONNECTIONS": "20"])
        defer { outboxd.end() }
        try makeHelpdesk(outboxd)
        outboxd.relay.add(.on(.dot, .delay(.milliseconds(300))))
        let text = String(repeating: "\"", count: 100_000)
        try outboxd.insert(
            (0..<80).map {
                Row(
                    to: "a\($0 / 5)@example.test", conversation: "c\($0 / 5)", body: text,
                    instant: true)
            })
        let daemon = try outboxd.run()
        #expect(outboxd.relay.waitForMails(16, timeout: .seconds(60)), "\(daemon.errors)")
        let peak = try peak(of: daemon)
        #expect(peak < Self.most, "the peak is \(peak / 1_000_000) MB")
    }
}
