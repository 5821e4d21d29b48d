/// How many octets of mail may be in memory at a time: claimed, composed, and not finished yet.
///
/// Counting mails alone bounds nothing: a thousand of them take 4 MB or 4 GB.
///
/// | used | more may be claimed |
/// |---|---|
/// | less than the limit | yes, and the last of them may go beyond it |
/// | the limit or more | not before one is finished |
package struct OctetBudget: Hashable, Sendable {
    package let limit: Int
    package private(set) var used = 0

    /// How much of what is in memory need not count: a bound, or it would bound nothing.
    package static let mostExempt = 4 << 20

    /// 6 MB: more than a thousand usual mails, or two of the longest.
    package static let usual = 6 << 20

    package init(limit: Int) {
        self.limit = limit
    }

    package var hasRoom: Bool { hasRoom(besides: 0) }

    /// Whether there is room if so many of those that are used don't count.
    package func hasRoom(besides octets: Int) -> Bool { used - octets < limit }

    package mutating func take(_ octets: Int) { used += octets }

    /// Never below nothing, should the same mail be finished twice.
    package mutating func giveBack(_ octets: Int) { used = max(0, used - octets) }
}
