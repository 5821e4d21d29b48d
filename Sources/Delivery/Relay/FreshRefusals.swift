/// The 421s that one mail got, and what follows from the latest (Contract.md,
/// "Whose fault is a refusal?").
///
/// 421 on a connection that has carried mail is routine: Exim and SES say it after some mails. So only
/// those count that the mail got as the first of a fresh connection, and even then it is the others'
/// luck that tells a poison mail from a relay that closes down.
///
/// | 421 on | counted before | relay accepted others since the first | others could go | next |
/// |---|---|---|---|---|
/// | a used connection | any | any | any | first on a fresh one |
/// | a fresh one | 0 | any | any | first on a fresh one |
/// | a fresh one | 1 or more | yes | any | the mail's own |
/// | a fresh one | 1 or more | no | yes | waits for their result |
/// | a fresh one | 1 or more | no | no | the relay's |
///
/// *Others could go*: one is under way, or waits and has not been turned away twice itself.
package struct FreshRefusals: Hashable, Sendable {
    package enum Next: Hashable, Sendable {
        case firstOnFresh
        /// Its own temporary failure: backoff, and in the end it expires.
        case ownFailure
        case waitForOthers
        case relayTrouble
    }

    /// How many 421s it got as the first of a fresh connection.
    package private(set) var count = 0
    /// How many mails the relay had accepted when the first of them came.
    private var acceptedBefore = 0

    package init() {}

    /// - Parameter accepted: How many mails the relay has accepted in all, by now.
    package mutating func turnedAway(
        onFresh: Bool, accepted: Int, othersCouldGo: Bool
    ) -> Next {
        guard onFresh else { return .firstOnFresh }
        if count == 0 { acceptedBefore = accepted }
        count += 1
        guard count > 1 else { return .firstOnFresh }
        if accepted > acceptedBefore { return .ownFailure }
        return othersCouldGo ? .waitForOthers : .relayTrouble
    }
}
