import Delivery
@testable import Engine
@testable import Store
import Testing

private func row(
    _ id: Int64, due: Int64 = 0, attempts: Int = 0, cancelled: Bool = false, instant: Bool = false
) -> OutboxRow {
    OutboxRow(
        id: id, helpdeskID: "h", conversationID: "c", messageID: "m\(id)", audience: "visitor",
        recipientEmail: "Ann@example.test", texts: RowTexts(bodyText: "Hi"), isInstant: instant,
        isCancelled: cancelled, createdAt: after(-100 + id), dueAt: after(due),
        attempts: attempts, relayDownBefore: .zero)
}

private func candidate(
    _ rows: [OutboxRow], copies: Int = 0, attempts: Int = 0, due: Int64 = 0, takeovers: Int = 0,
    marker: WallTime? = nil, helpdesk: Helpdesk? = nil, blocked: Set<String> = [],
    isProbe: Bool = false
) -> Candidate {
    Candidate(
        mailID: 7,
        key: MailKey(
            helpdeskID: "h", conversationID: "c", recipient: "ann@example.test",
            audience: "visitor"),
        dueAt: after(due), attempts: attempts, copies: copies, takeovers: takeovers,
        emailMessageID: copies > 0 ? "<first@acme.test>" : nil, rows: rows, hasMoreRows: false,
        readMarker: marker, isSuppressed: false, helpdesk: helpdesk, blockedSenders: blocked,
        isSenderProbe: isProbe)
}

private func rules() throws -> ClaimRules {
    ClaimRules(settings: try settings(), ignoresHold: false, now: now, nonce: 42)
}

/// A decision in one word and its rows, to compare by.
private func summary(_ decision: ClaimDecision) -> String {
    let skips = decision.skipped.map { " -\($0.row)\($0.reason)" }.joined()
    switch decision.step {
    case .send(let rows, let sender, _): return "send \(rows) \(sender)" + skips
    case .wait(let until): return "wait \((until - now).inMilliseconds / 1_000)" + skips
    case .waitForSender(let sender): return "sender \(sender ?? "-")" + skips
    case .finish: return "finish" + skips
    }
}

@Test func `what a claim decides`() throws {
    let rules = try rules()
    let us = "support@acme.test"
    let cases: [(Candidate, String)] = [
        (candidate([row(1)]), "send [1] \(us)"),
        (candidate([row(1), row(2, due: 50)]), "send [1, 2] \(us)"),
        (candidate([row(1, due: 50)]), "wait 50"),
        (candidate([row(1, due: 50, instant: true)]), "send [1] \(us)"),
        (candidate([]), "finish"),
        (candidate([row(1, cancelled: true)]), "finish -1cancelled"),
        (candidate([row(1, cancelled: true), row(2)]), "send [2] \(us) -1cancelled"),
        (candidate([row(1), row(2, due: 50)], marker: after(-99)), "wait 50 -1read"),
        (candidate([row(1), row(2)], marker: after(1_000)), "finish -1read -2read"),
        (candidate([row(1)], helpdesk: helpdesk("Help@Desk.test")), "send [1] help@desk.test"),
        (candidate([row(1)], helpdesk: helpdesk("nobody")), "sender -"),
        (candidate([row(1)], blocked: [us]), "sender \(us)"),
        (candidate([row(1)], blocked: [us], isProbe: true), "send [1] \(us)"),
        (candidate([row(1)], blocked: ["other@acme.test"]), "send [1] \(us)"),
        (candidate([row(1, attempts: 1)], attempts: 1, due: 30), "wait 30"),
        // Frozen: whole or not at all, and no new sender is sought for it.
        (candidate([row(1), row(2)], copies: 1, marker: after(-99)), "send [1, 2] \(us)"),
        (candidate([row(1), row(2)], copies: 1, marker: now), "finish -1read -2read"),
        (candidate([], copies: 1), "finish"),
        (candidate([row(1)], copies: 1, blocked: [us]), "sender \(us)"),
        (candidate([row(1)], copies: 1, blocked: [us], isProbe: true), "send [1] \(us)"),
    ]
    for (candidate, expected) in cases {
        #expect(summary(rules.decide(candidate)) == expected)
    }
}

@Test func `the Message-ID of a copy is the first one's`() throws {
    guard
        case .send(_, _, let id) = try rules().decide(candidate([row(1)], copies: 1)).step,
        case .send(_, _, let fresh) = try rules().decide(candidate([row(1)])).step
    else {
        Issue.record("not sent")
        return
    }
    #expect(id == "<first@acme.test>")
    #expect(fresh.hasPrefix("<") && fresh.hasSuffix("@acme.test>"))
}

@Test func `what a review decides`() throws {
    let rules = try rules()
    func summary(_ decision: ReviewDecision) -> String {
        let skips = decision.skipped.map { "-\($0.row)" }.joined()
        let due = decision.dueAt.map { " due \(($0 - now).inMilliseconds / 1_000)" } ?? ""
        return skips + due + (decision.hasSender ? "" : " no sender")
    }
    let cases: [(Candidate, String)] = [
        (candidate([row(1, due: 50)], due: 50), ""),
        (candidate([row(1, due: 50, instant: true)], due: 50), " due 0"),
        // A row on hold is decided late, also where an older one could go.
        (candidate([row(1, due: 50, cancelled: true)], due: 50), ""),
        (candidate([row(1), row(2, due: 50, cancelled: true)]), ""),
        (candidate([row(1), row(2, due: -1, cancelled: true)]), "-2"),
        (candidate([row(1)], marker: now), "-1"),
        (candidate([row(1, attempts: 1)], attempts: 1, due: 30), ""),
        (candidate([row(1, attempts: 1, cancelled: true)], attempts: 1, due: 30), "-1"),
        // A mail that its process died with is not hastened.
        (candidate([row(1)], due: 30, takeovers: 3), ""),
        (candidate([row(1), row(2)], copies: 1, due: 30, marker: after(-99)), ""),
        (candidate([row(1), row(2)], copies: 1, due: 30, marker: now), "-1-2 no sender"),
        (candidate([row(1)], helpdesk: helpdesk("nobody")), " no sender"),
        (candidate([row(1)], copies: 1, helpdesk: helpdesk("nobody")), " no sender"),
    ]
    for (candidate, expected) in cases {
        #expect(summary(rules.review(candidate)) == expected)
    }
}
