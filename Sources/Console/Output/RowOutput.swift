internal import Delivery
internal import Store

/// A row, for programs: the keys of `list --json`, in their order.
extension OutboxView.Row {
    var json: JSON {
        .object([
            "id": .int(id), "helpdesk_id": .string(helpdeskID),
            "conversation_id": .string(conversationID), "message_id": .string(messageID),
            "audience": .string(audience), "recipient_email": .string(recipientEmail),
            "state": .string(state.name), "reason": JSON(reason), "uncertain": .bool(isUncertain),
            "attempts": JSON(attempts), "created_at": JSON(createdAt), "due_at": JSON(dueAt),
            "sent_at": JSON(sentAt), "email_message_id": JSON(emailMessageID),
            "last_error": lastError?.json ?? .null,
        ])
    }

    /// Such as `pending: hold`.
    var stateAndReason: String { reason.map { "\(state.name): \($0)" } ?? state.name }

    /// With a word about a copy that may have arrived before.
    var stateInWords: String {
        isUncertain && reason != WaitReason.uncertain.rawValue
            ? "\(stateAndReason) (uncertain)" : stateAndReason
    }
}

extension OutboxView.Failure {
    var json: JSON {
        .object([
            "stage": JSON(stage), "code": JSON(code), "enhanced": JSON(enhanced),
            "text": .string(text),
        ])
    }
}
