package import Delivery

/// What a person does to the outbox by hand, beside a daemon or without one.
///
/// One owner, one thread. Each method is a transaction of its own.
package protocol OutboxOperator {
    /// Reads what this handle has written.
    var reader: any OutboxReader { get }

    /// - Parameter helpdesk: "" is everything.
    func pause(helpdesk: String, at now: WallTime) throws

    /// - Returns: false if it was not paused.
    func resume(helpdesk: String) throws -> Bool

    /// Settles the uncertain mail that a row is held in.
    func resolve(row id: Int64, as resolution: Resolution, at now: WallTime) throws -> Resolved

    /// Inserts a row as the API server would.
    ///
    /// - Returns: its id, and whether it is new: the same reply to the same address is inserted once.
    func enqueue(_ row: NewRow) throws -> (id: Int64, isNew: Bool)

    /// See ``OutboxStore/hasDeferred(orForSender:)``.
    func hasDeferred(orForSender: Bool) throws -> Bool
}

/// What became of an uncertain mail, by an operator's word.
package enum Resolution: Sendable {
    case sent, resend
}

/// What came of an operator's word.
package enum Resolved: Sendable, Equatable {
    case done(mailID: Int64)
    case unknownRow
    /// The row is not held as uncertain; its state.
    case notHeld(state: String)
}
