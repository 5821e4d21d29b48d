internal import Engine
internal import Mail
internal import Service
internal import Store

/// What in `helpdesks` mails can't use.
enum MailCheck {
    /// `check` shows this many lines of each kind, so that a kind with many faults does not hide the others.
    private static let mostOfKind = 5

    private struct Fault {
        let helpdesk: String
        /// The same for all helpdesks that have this fault, whatever the value.
        let kind: String
        let line: String
    }

    static func findings(_ helpdesks: OutboxView.Helpdesks) -> [CheckReport.Finding] {
        let overlong = helpdesks.overlong.map { id, why in
            Fault(
                helpdesk: id, kind: "\(why)",
                line:
                    "helpdesk \(id) can't be read, and its mail waits: \(why); shorten it in helpdesks"
            )
        }
        let faults = helpdesks.readable.flatMap { helpdesk in
            MailFaults.of(helpdesk).map { text in
                Fault(
                    helpdesk: helpdesk.id, kind: withoutValue(text),
                    line: "helpdesk \(helpdesk.id): \(text)")
            }
        }
        return findings(overlong, .fail) + findings(faults, .warn)
    }

    /// Of `OUTBOXD_BOUNCE_ADDRESS`.
    static func finding(_ bounceAddress: EmailAddress?) -> CheckReport.Finding? {
        guard let address = bounceAddress?.onTheWire(), !address.isASCII else { return nil }
        return CheckReport.Finding(
            .settings, .warn,
            "OUTBOXD_BOUNCE_ADDRESS needs SMTPUTF8: only mails of which another address needs it have it"
        )
    }

    /// The value stands in quotes, and may have some itself.
    private static func withoutValue(_ text: String) -> String {
        guard let first = text.firstIndex(of: "\""), let last = text.lastIndex(of: "\"") else {
            return text
        }
        return String(text[..<first] + text[last...])
    }

    /// Kind by kind, in the order in which the first of each comes.
    private static func findings(
        _ faults: [Fault], _ result: CheckReport.Result
    ) -> [CheckReport.Finding] {
        var kinds: [String] = []
        for fault in faults where !kinds.contains(fault.kind) { kinds.append(fault.kind) }
        let ofKind = Dictionary(grouping: faults, by: \.kind)
        return kinds.flatMap { lines(ofKind[$0] ?? []) }.map { text in
            CheckReport.Finding(.database, result, Escaping.printable(text, limit: 1_000))
        }
    }

    private static func lines(_ faults: [Fault]) -> [String] {
        let rest = faults.dropFirst(mostOfKind)
        guard !rest.isEmpty else { return faults.map(\.line) }
        let names = rest.prefix(mostOfKind).map(\.helpdesk).joined(separator: ", ")
        let end = rest.count > mostOfKind ? ", …" : ""
        return faults.prefix(mostOfKind).map(\.line)
            + ["and \(rest.count) more like these: helpdesk \(names)\(end)"]
    }
}
