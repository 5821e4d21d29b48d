internal import Delivery
internal import Engine
internal import Store

/// What `show --json` prints: the row as in `list --json`, then the rest.
extension OutboxView.Story {
    var json: JSON {
        guard case .members(let members) = row.json else { return row.json }
        return .members(
            members + [
                JSON.Member("recipient_name", JSON(recipientName)),
                JSON.Member("author_name", JSON(authorName)),
                JSON.Member("subject", JSON(subject)), JSON.Member("body_length", JSON(bodyLength)),
                JSON.Member("page_url", JSON(pageURL)),
                JSON.Member("unsubscribe_url", JSON(unsubscribeURL)),
                JSON.Member("in_reply_to", JSON(inReplyTo)), JSON.Member("locale", JSON(locale)),
                JSON.Member("instant", .bool(isInstant)),
                JSON.Member("not_before", JSON(notBefore)),
                JSON.Member("traceparent", JSON(traceparent)),
                JSON.Member("cancelled_at", JSON(cancelledAt)),
                JSON.Member("read_marker", JSON(readMarker)),
                JSON.Member("first_attempt_at", JSON(firstAttemptAt)),
                JSON.Member("finished_at", JSON(row.finishedAt)),
                JSON.Member("mail", mail?.json ?? .null),
                JSON.Member(
                    "notes",
                    .array(MailFaults.of(self).map(JSON.string))),
                JSON.Member("suppressions", .array(suppressions.map(\.json))),
                JSON.Member("deeds", .array(deeds.map(\.json))),
                JSON.Member("history", .array(attempts.map(\.json))),
            ])
    }
}

extension Deed {
    fileprivate var json: JSON {
        .object([
            "at": JSON(at), "what": .string(what), "who": .string(who), "why": JSON(why),
            "helpdesk_id": JSON(helpdeskID),
        ])
    }
}

extension OutboxView.Mail {
    fileprivate var json: JSON {
        .object([
            "id": .int(id), "sender": JSON(sender), "composed_at": JSON(composedAt),
            "copies": JSON(copies), "other_rows": .array(otherRows.map { .int($0.id) }),
        ])
    }
}

extension OutboxView.Attempt {
    fileprivate var json: JSON {
        .object([
            "mail": .int(mailID), "number": JSON(number), "at": JSON(at),
            "outcome": .string(outcome), "counted": .bool(isCounted),
            "rows": .array(rowIDs.map(JSON.int)), "relay": JSON(relay),
            "duration": JSON(duration?.inMilliseconds),
            "queued": JSON(queued?.inMilliseconds), "connecting": JSON(connecting?.inMilliseconds),
            "stage": JSON(stage), "code": JSON(code),
            "enhanced": JSON(enhanced), "text": JSON(text),
        ])
    }
}
