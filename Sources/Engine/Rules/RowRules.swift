internal import Delivery
internal import Mail
internal import Store

/// What is known of a row when it is first seen.
enum RowRules {
    static func takeIn(_ settings: EngineSettings, at now: WallTime) -> TakeInRules {
        TakeInRules(
            normalize: AddressText.normalized,
            dueAt: { settings.hold.dueAt(createdAt: $0, isInstant: $1, takenInAt: now) },
            fault: fault)
    }

    /// A row that can't be sent, whatever happens.
    static func fault(_ row: OutboxRow) -> (FailReason, String)? {
        let values = RowValues(
            helpdeskID: row.helpdeskID, conversationID: row.conversationID,
            messageID: row.messageID, audience: row.audience, bodyText: "",
            createdAt: row.createdAt.milliseconds)
        if let fault = RowCheck.fault(in: values) { return (.invalidRow, fault.description) }
        do {
            guard try EmailAddress(row.recipientEmail).onTheWire() != nil else {
                return (.invalidAddress, "recipient_email: the domain has no ASCII form (RFC 5891)")
            }
            return nil
        } catch {
            return (.invalidAddress, "recipient_email: \(error)")
        }
    }
}
