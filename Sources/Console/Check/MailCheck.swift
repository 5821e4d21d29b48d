internal import Engine
internal import Mail
internal import Service
internal import Store

/// What in `helpdesks` mails can't use.
enum MailCheck {
    private static let most = 20

    static func findings(_ helpdesks: OutboxView.Helpdesks) -> [CheckReport.Finding] {
        let overlong = helpdesks.overlong.map { id, why in
            "helpdesk \(id) can't be read, and its mail waits: \(why); shorten it in helpdesks"
        }
        let texts = helpdesks.readable.flatMap { helpdesk in
            MailFaults.of(helpdesk).map { "helpdesk \(helpdesk.id): \($0)" }
        }
        return findings(overlong, .fail) + findings(texts, .warn)
    }

    /// Of `OUTBOXD_BOUNCE_ADDRESS`.
    static func finding(_ bounceAddress: EmailAddress?) -> CheckReport.Finding? {
        guard let address = bounceAddress?.onTheWire(), !address.isASCII else { return nil }
        return CheckReport.Finding(
            .settings, .warn,
            "OUTBOXD_BOUNCE_ADDRESS needs SMTPUTF8: only mails of which another address needs it have it"
        )
    }

    private static func findings(
        _ texts: [String], _ result: CheckReport.Result
    ) -> [CheckReport.Finding] {
        let rest = texts.count - most
        let more = rest > 0 ? ["and \(rest) more like these"] : []
        return (texts.prefix(most) + more).map { text in
            CheckReport.Finding(.database, result, Escaping.printable(text, limit: 1_000))
        }
    }
}
