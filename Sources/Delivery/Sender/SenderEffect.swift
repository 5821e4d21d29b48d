/// What the store has to do after a ``SenderEvent``.
package enum SenderEffect: Hashable, Sendable {
    /// The mail's rows become `failed`, reason `rejected`.
    case fail(mail: Int64)
    /// The rows of these mails become `pending` again, reason `sender`, also where they are `failed`
    /// by now.
    case returnToPending(mails: [Int64])
    /// The sender's mails wait, reason `sender`; one of them may be tried then.
    case block(until: WallTime)
    /// All waiting mails of the sender may go.
    case unblock
}
