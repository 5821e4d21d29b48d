internal import Delivery
internal import Engine
internal import Store

/// What there is to say about a mail that would go out, or would not.
struct PreviewText {
    var preview: MailPreview
    var now: WallTime

    private var row: OutboxView.Row { preview.draft.row }

    // MARK: It would not

    func refusal(_ refusal: MailPreview.Refusal) -> String {
        switch refusal {
        case .invalid(let text): "row \(row.id) can't be sent: \(text)"
        case .skipped(let skips): "no mail would go out for row \(row.id): \(why(skips))"
        case .noSender(true):
            "no mail would go out for row \(row.id): from_address of helpdesk \(row.helpdeskID) is "
                + "no address that can be used; mend it in helpdesks"
        case .noSender(false):
            "no mail would go out for row \(row.id): helpdesks has no row for \(row.helpdeskID), and "
                + "OUTBOXD_FROM is not set; add one of them"
        case .noRecipient:
            "row \(row.id) can't be sent: \(row.recipientEmail) is no address that can be used"
        }
    }

    private func why(_ skips: [Skip]) -> String {
        let reason = (skips.first { $0.row == row.id } ?? skips.first)?.reason
        return reason.map(Self.words) ?? "nothing of its mail is left"
    }

    private static func words(_ reason: SkipReason) -> String {
        switch reason {
        case .read: "its recipient has read it"
        case .cancelled: "it is cancelled"
        case .suppressed: "its recipient is in suppressions"
        case .stale: "it is older than OUTBOXD_MAX_AGE, or OUTBOXD_RETENTION, allows"
        }
    }

    // MARK: It would

    /// One line each, for stderr.
    var notes: [String] {
        [story, leftOut, obstacle, blocked, unfixedID, newRows].compactMap(\.self)
    }

    private var story: String? {
        switch preview.draft.kind {
        case .finished:
            let end = row.reason.map { "\(row.state.name), \($0)" } ?? row.state.name
            return "row \(row.id) is finished (\(end)) and goes out no more: this is the mail that "
                + "its texts give"
        case .beingSent: return "row \(row.id) is being sent at this moment"
        case .putOff(let until):
            return "row \(row.id) counts as not yet written until \(TimeText.moment(until)); this "
                + "is its mail if nothing else is new then"
        case .open where preview.draft.claim?.frozen != nil:
            return "the mail may have arrived already: this is the copy that would go out once "
                + "more, unchanged"
        case .open where preview.goesAt > now:
            let time = TimeText(now: now).relative(preview.goesAt)
            return "it goes out \(time), unless it is read before"
        case .open, .invalid: return nil
        }
    }

    private var leftOut: String? {
        guard let skips = preview.draft.decision?.skipped, !skips.isEmpty else { return nil }
        let rows = skips.prefix(20).map { "row \($0.row) (\($0.reason.rawValue))" }
        return "left out: \(rows.joined(separator: ", "))\(skips.count > 20 ? ", …" : "")"
    }

    /// What a due mail waits for.
    private var obstacle: String? {
        guard preview.draft.kind == .open,
            let reason = row.reason.flatMap(WaitReason.init(rawValue:))
        else { return nil }
        switch reason {
        case .paused: return "it waits: everything, or its helpdesk, is paused"
        case .restored: return "it waits: the database was restored (`\(RestoreText.end)`)"
        case .relay: return "it waits: the relay is down"
        case .uncertain: return "it is held as uncertain; `outboxd resolve` settles it"
        case .hold, .queued, .deferred, .sender: return nil
        }
    }

    private var blocked: String? {
        preview.blockedSender.map { "it waits: the relay refuses mail from \($0) at present" }
    }

    private var unfixedID: String? {
        guard !preview.draft.hasFixedID, preview.draft.claim?.frozen == nil else { return nil }
        return "its Message-ID is made at the first attempt: another will stand there"
    }

    private var newRows: String? {
        preview.draft.mayLackNewRows
            ? "there are too many new rows to look through: others may join this mail" : nil
    }
}
