internal import Delivery
internal import SQLite

/// Columns as outboxd's words, by position.
extension Statement {
    func time(_ column: Int32) -> WallTime { WallTime(milliseconds: int(column)) }

    func optionalTime(_ column: Int32) -> WallTime? {
        optionalInt(column).map(WallTime.init(milliseconds:))
    }

    /// `helpdesk_id, conversation_id, recipient, audience`, from the column on.
    func key(at column: Int32) -> MailKey {
        MailKey(
            helpdeskID: text(column), conversationID: text(column + 1),
            recipient: text(column + 2), audience: text(column + 3))
    }

    /// `stage, code, enhanced, text`, from the column on; nil if there is no text.
    ///
    /// A sentence of outboxd's own has no stage; it is shown as `mail`'s.
    func error(at column: Int32) -> DeliveryError? {
        guard let text = optionalText(column + 3) else { return nil }
        return DeliveryError(
            stage: Stage(rawValue: self.text(column)) ?? .mail,
            code: optionalInt(column + 1).map(Int.init),
            enhanced: optionalText(column + 2).flatMap(EnhancedStatusCode.init(stored:)), text: text
        )
    }
}

extension EnhancedStatusCode {
    init?(stored text: String) {
        let parts = text.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        self.init(parts[0], parts[1], parts[2])
    }
}

extension ColumnCursor {
    mutating func time() -> WallTime { WallTime(milliseconds: int()) }

    mutating func optionalTime() -> WallTime? {
        optionalInt().map(WallTime.init(milliseconds:))
    }
}
