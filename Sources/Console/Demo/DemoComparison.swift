internal import Delivery
internal import Service

/// What the database says became of each reply, against what the mail server received.
struct DemoComparison {
    let replies: [DemoDatabase.Reply]
    let statuses: [DemoDatabase.Status]
    let mails: [DemoSink.Mail]
    /// Addresses that get no mail any more.
    let suppressed: [String]

    /// Where the two do not agree; empty where all is well.
    var faults: [String] {
        let known = Set(statuses.compactMap { $0.state == "sent" ? $0.emailMessageID : nil })
        let foreign = mails.filter { !known.contains($0.message.header("Message-ID") ?? "") }
        var faults = foreign.map { "a mail for \($0.recipient) arrived that nobody noted as sent" }
        if statuses.count != replies.count {
            faults.append("\(replies.count) replies were inserted, \(statuses.count) are known")
        }
        for reply in replies {
            guard let status = statuses.first(where: { $0.id == reply.id }) else { continue }
            faults += self.faults(of: reply, status)
        }
        return faults
    }

    private func faults(of reply: DemoDatabase.Reply, _ status: DemoDatabase.Status) -> [String] {
        let name = "reply \(reply.id) to \(reply.person.name)"
        let carrying = mails.filter { $0.message.text.contains(reply.text) }
        switch status.state {
        case "sent":
            guard carrying.count == 1 else {
                return ["\(name) is noted as sent and stands in \(carrying.count) mails"]
            }
            return faults(of: reply, name, status, in: carrying[0])
        case "failed" where !suppressed.contains(reply.person.address):
            return ["\(name) was refused, and the address is not noted as one that gets no mail"]
        case "skipped", "failed":
            return carrying.isEmpty ? [] : ["\(name) is noted as \(status.state), and was mailed"]
        default: return ["\(name) came to no end: \(status.state) \(status.reason ?? "")"]
        }
    }

    private func faults(
        of reply: DemoDatabase.Reply, _ name: String, _ status: DemoDatabase.Status,
        in mail: DemoSink.Mail
    ) -> [String] {
        var faults: [String] = []
        if mail.recipient != reply.person.address {
            faults.append("\(name) went to \(mail.recipient)")
        }
        if mail.message.header("Message-ID") != status.emailMessageID {
            faults.append("\(name) was sent under another Message-ID than noted")
        }
        let oldest = replies.filter { mail.message.text.contains($0.text) }.map(\.createdAt).min()
        let due = (oldest ?? reply.createdAt) + (reply.isInstant ? .zero : DemoScript.hold)
        if mail.at < due { faults.append("\(name) was mailed before its time") }
        return faults
    }
}

extension DemoComparison {
    func print(on page: DemoPage) throws -> ExitCode {
        if let sample = mails.max(by: { $0.message.text.count < $1.message.text.count }) {
            try show(sample, on: page)
        }
        try page.heading("What became of the \(replies.count) replies")
        try page.table([["reply", "to", "the database says", "tries", "the mail server"]] + rows)
        try page.heading("Summary")
        try page.paragraph(summary)
        try Terminal.print("\n")
        let faults = faults
        if faults.isEmpty {
            try page.paragraph(
                """
                Checked: each reply that is noted as sent stands in exactly one received mail, \
                under the Message-ID that was noted, and not before its time; no other mail arrived.
                """)
            return .ok
        }
        try page.paragraph("The database and the mail server do NOT agree:")
        for fault in faults { try page.paragraph("- \(fault)") }
        return .dataError
    }

    private func show(_ mail: DemoSink.Mail, on page: DemoPage) throws {
        let wanted = [
            "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted",
        ]
        try page.heading("One of the mails, as it was received (its text part)")
        let headers = wanted.compactMap { name in
            mail.message.header(name).map { "\(name): \($0)" }
        }
        var text = mail.message.text.split(separator: "\n", omittingEmptySubsequences: false)
        while text.last?.isEmpty == true { text.removeLast() }
        try page.quote(headers + [""] + text.map(String.init))
    }

    private var rows: [[String]] {
        replies.map { reply in
            let status = statuses.first { $0.id == reply.id }
            let said = [status?.state, status?.reason].compactMap { $0 }.joined(separator: ", ")
            let mail = mails.firstIndex { $0.message.text.contains(reply.text) }
            return [
                "\(reply.id)", reply.person.name, said, "\(status?.attempts ?? 0)",
                mail.map { "received it in mail \($0 + 1)" } ?? "received no mail",
            ]
        }
    }

    private var summary: String {
        let people = Set(replies.map(\.person.address)).count
        let carried = replies.filter { reply in
            mails.contains { $0.message.text.contains(reply.text) }
        }.count
        func count(_ state: String, _ reason: String) -> Int {
            statuses.count { $0.state == state && $0.reason == reason }
        }
        let retried = statuses.count { $0.state == "sent" && $0.attempts > 1 }
        return """
            \(replies.count) replies to \(people) people. The mail server received \(mails.count) \
            mails with \(carried) of them. \(count("skipped", "read")) needed none, since it was \
            read in time; \(count("failed", "rejected")) was refused for good; \(retried) arrived \
            at the second try.
            """
    }
}
