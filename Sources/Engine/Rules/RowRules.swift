package import Delivery
internal import Mail
package import Store

/// What is known of a row when it is first seen.
package enum RowRules {
    /// - Parameter clockSteps: The wall clock was set: rows that were written by the old clock are due
    ///   by it.
    static func ingest(
        _ settings: EngineSettings, at now: WallTime, clockSteps: [ClockStep] = []
    ) -> IngestRules {
        IngestRules(
            normalize: AddressText.normalized,
            dueAt: { createdAt, isInstant in
                settings.hold.dueAt(createdAt: createdAt, isInstant: isInstant, ingestedAt: now)
            },
            clockSteps: clockSteps,
            isStale: { createdAt, notBefore in
                settings.retention?.isStale(createdAt: createdAt, notBefore: notBefore, at: now)
                    ?? false
            },
            fault: fault)
    }

    /// A row that can't be sent, whatever happens.
    package static func fault(_ row: OutboxRow) -> (FailReason, String)? {
        let values = RowValues(
            helpdeskID: row.helpdeskID, conversationID: row.conversationID,
            messageID: row.messageID, audience: row.audience,
            notBefore: row.notBefore?.milliseconds, createdAt: row.createdAt.milliseconds)
        return fault(values, recipientEmail: row.recipientEmail)
    }

    /// Why such a row can't be sent, for those who insert one by hand.
    package static func fault(in row: NewRow) -> String? {
        let values = RowValues(
            helpdeskID: row.helpdeskID, conversationID: row.conversationID,
            messageID: row.messageID, audience: row.audience, recipientName: row.recipientName,
            authorName: row.authorName, subject: row.subject,
            pageURL: row.pageURL, unsubscribeURL: row.unsubscribeURL, inReplyTo: row.inReplyTo,
            locale: row.locale, notBefore: row.notBefore?.milliseconds,
            createdAt: row.createdAt.milliseconds)
        return fault(values, recipientEmail: row.recipientEmail)?.1
    }

    private static func fault(
        _ values: RowValues, recipientEmail: String
    ) -> (FailReason, String)? {
        if let fault = RowCheck.fault(in: values) { return (.invalidRow, fault.description) }
        do {
            guard try EmailAddress(recipientEmail).onTheWire() != nil else {
                return (.invalidAddress, "recipient_email: the domain has no ASCII form (RFC 5891)")
            }
            return nil
        } catch {
            return (.invalidAddress, "recipient_email: \(error)")
        }
    }
}
