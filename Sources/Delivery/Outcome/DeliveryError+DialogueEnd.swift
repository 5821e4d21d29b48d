extension DeliveryError {
    /// The end of a dialogue as it is stored and shown: the relay's words where it said something,
    /// else a sentence of ours.
    package init(of end: DialogueEnd) {
        switch end.cause {
        case .reply(let reply):
            self.init(stage: end.stage, reply: reply)
            if ReplyMeaning(code: reply.code, at: end.stage) == .unexpected {
                text = Self.sentence("unexpected reply", detail: reply.text)
            }
        case .garbled(let line):
            self.init(stage: end.stage, text: Self.sentence("unreadable reply", detail: line))
        case .closed(let detail):
            self.init(
                stage: end.stage, text: detail.isEmpty ? "the relay closed the connection" : detail)
        case .timedOut(let silence):
            self.init(stage: end.stage, text: "no reply within \(silence.inWords)")
        case .unsupported(let detail):
            self.init(
                stage: end.stage, text: detail.isEmpty ? "the relay can't take this mail" : detail)
        case .abandoned(let detail):
            self.init(stage: end.stage, text: detail.isEmpty ? "given up by outboxd" : detail)
        }
    }

    private static func sentence(_ what: String, detail: String) -> String {
        detail.isEmpty ? what : "\(what): \(detail)"
    }
}
