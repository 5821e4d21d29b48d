/// Who could show whose fault a refusal is: mails that are due and in line, or under way.
package struct WaitingOthers: Hashable, Sendable {
    /// Any but the mail that was refused.
    package var any: Bool
    package var ofAnotherSender: Bool

    package init(any: Bool, ofAnotherSender: Bool) {
        self.any = any
        self.ofAnotherSender = ofAnotherSender
    }

    package static let nobody = WaitingOthers(any: false, ofAnotherSender: false)
}
