internal import Delivery
internal import Store

/// Which states of the relay people are told of: each change, but for trouble that flickers.
///
/// A crowd of mails that the relay refuses makes it look down for a moment, over and over: each time another
/// mail shows that it works. Four pairs of lines a second would bury what matters.
///
/// | the relay | told |
/// |---|---|
/// | is unknown | no: silence has a line of its own |
/// | works, and trouble was told last, or nothing | yes |
/// | is in trouble, and was not in the last ten seconds | yes |
/// | is in trouble again within ten seconds | once it has lasted for a second |
/// | is still in trouble that was told, with another error | yes |
/// | anything else | no |
struct RelayAnnouncements {
    private var told: RelayStatus?
    private var troubleSince: SteadyTime?
    private var latestTrouble: SteadyTime?
    private static let quiet: Duration = .seconds(10)
    private static let lasting: Duration = .seconds(1)

    /// - Returns: whether to tell it.
    mutating func take(_ status: RelayStatus, at now: SteadyTime) -> Bool {
        guard status.state != .unknown else { return false }
        guard status.state == .down else {
            troubleSince = nil
            return tell(status, if: status.state != told?.state)
        }
        let since = troubleSince ?? now
        let isFlicker = latestTrouble.map { now - $0 < Self.quiet } ?? false
        (troubleSince, latestTrouble) = (since, now)
        if told?.state == .down { return tell(status, if: status.error != told?.error) }
        return tell(status, if: !isFlicker || now - since >= Self.lasting)
    }

    private mutating func tell(_ status: RelayStatus, if isNews: Bool) -> Bool {
        if isNews { told = status }
        return isNews
    }
}
