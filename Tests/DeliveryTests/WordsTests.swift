import Delivery
import Testing

/// Words that others read: they are stored, or printed by `status` and `list`.
@Suite struct WordsTests {
    // "`state` (`pending`, `sending`, `sent`, `skipped`, `failed`)"
    @Test func `the states are the contract's, and stored as they always were`() {
        #expect(
            RowState.allCases.map(\.name) == ["pending", "sending", "sent", "skipped", "failed"])
        #expect(RowState.allCases.map(\.rawValue) == [0, 1, 2, 3, 4])
    }

    @Test func `Reasons are a closed list`() {
        #expect(
            SkipReason.allCases.map(\.rawValue) == ["read", "cancelled", "suppressed", "stale"])
        #expect(
            FailReason.allCases.map(\.rawValue)
                == ["rejected", "expired", "unsupported", "invalid_address", "invalid_row"])
        #expect(
            WaitReason.allCases.map(\.rawValue)
                == [
                    "hold", "queued", "deferred", "paused", "relay", "sender", "uncertain",
                    "restored",
                ])
    }

    // "the stages are `store`, `connect`, `tls`, `greeting`, `ehlo`, `starttls`, `auth`, `mail`, `rcpt`, …"
    @Test func `the stages are the contract's`() {
        #expect(
            Stage.allCases.map(\.rawValue) == [
                "store", "connect", "tls", "greeting", "ehlo", "starttls", "auth", "mail", "rcpt",
                "data", "body", "final",
            ])
        #expect(Stage.allCases.filter(\.isBeforeMail).last == .auth)
        #expect(Stage.allCases.filter(\.isBeforeMail).count == 6)
    }

    @Test func `an enhanced code reads as in RFC 3463`() {
        #expect(EnhancedStatusCode(5, 1, 10).description == "5.1.10")
    }

    @Test(arguments: [(250, "+"), (354, ""), (421, ""), (599, "5"), (200, "+")])
    func `a reply's first digit is its class`(code: Int, expected: String) {
        let reply = SMTPReply(code: code)
        let classes =
            (reply.isPositive ? "+" : "") + (reply.isPermanent ? "5" : "")
        #expect(classes == expected)
    }
}
