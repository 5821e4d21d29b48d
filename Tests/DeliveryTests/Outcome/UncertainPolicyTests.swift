import Delivery
import Testing

@Suite struct UncertainPolicyTests {
    // "by `OUTBOXD_ON_UNCERTAIN`, sends it again, at most twice, or holds it for an operator"
    @Test(arguments: [
        (UncertainPolicy.resend, 1, UncertainPolicy.Decision.resend),
        (.resend, 2, .resend), (.resend, 3, .holdForOperator), (.resend, 4, .holdForOperator),
        (.hold, 1, .holdForOperator), (.hold, 2, .holdForOperator), (.hold, 3, .holdForOperator),
    ])
    func `an uncertain mail is sent again at most twice`(
        policy: UncertainPolicy, copies: Int, decision: UncertainPolicy.Decision
    ) {
        #expect(policy.decision(copiesAnnounced: copies) == decision)
    }

    @Test func `the setting's words`() {
        #expect(UncertainPolicy.allCases.map(\.rawValue) == ["resend", "hold"])
    }
}
