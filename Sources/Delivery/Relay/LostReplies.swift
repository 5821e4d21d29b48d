/// Mails whose final dot went out and got no clear reply, one after the other: a relay, or a proxy before
/// it, that ends each connection there would make all that waits uncertain, and each of those may go
/// out twice or waits for an operator.
///
/// | a mail's end | in a row before | says of the relay | in a row after |
/// |---|---|---|---|
/// | accepted | any | as ever: it works | 0 |
/// | deferred or rejected at the final dot | any | as ever: it works | 0 |
/// | uncertain | 0 to 3 others | as ever | 1 more |
/// | uncertain | 4 others or more | trouble, outage | 5 |
/// | any other | 0 to 4 | as ever | the same |
/// | any other | 5 | as ever if it is trouble, else nothing | the same |
///
/// So the relay is then asked with one mail at a time, until it says what became of one. A mail that is
/// tried again counts once.
package struct LostReplies: Hashable, Sendable {
    private var mails: Set<Int64> = []
    package static let most = 5

    package init() {}

    /// The relay is taken for down for them.
    package var areTooMany: Bool { mails.count >= Self.most }

    /// - Parameter usual: What the verdict says about the relay otherwise.
    package mutating func judge(
        _ verdict: Verdict, mail: Int64, usual: RelayEvidence
    ) -> RelayEvidence {
        switch verdict {
        case .accepted:
            mails.removeAll()
        case .deferred(let error) where error.stage == .final,
            .rejected(let error) where error.stage == .final:
            mails.removeAll()
        case .uncertain(let error):
            if !areTooMany { mails.insert(mail) }
            if areTooMany { return .trouble(RelayTrouble(kind: .outage, error: error)) }
        default:
            if areTooMany, usual == .works { return .nothing }
        }
        return usual
    }
}
