internal import Engine
internal import Service
internal import Store

/// What in `helpdesks` mails can't use.
enum MailCheck {
    private static let most = 20

    static func findings(_ helpdesks: [Helpdesk]) -> [CheckReport.Finding] {
        let texts = helpdesks.flatMap { helpdesk in
            MailFaults.of(helpdesk).map { "helpdesk \(helpdesk.id): \($0)" }
        }
        let rest = texts.count - most
        let more = rest > 0 ? ["and \(rest) more like these"] : []
        return (texts.prefix(most) + more).map { text in
            CheckReport.Finding(.database, .warn, Escaping.printable(text, limit: 1_000))
        }
    }
}
