/// What the refusals of another relay (`drain --smtp-url`) do to mail: a refused mail stays pending for
/// the usual relay, and no sender is blocked for it (Contract.md, "Another relay").
///
/// | a mail's end | becomes | refusals in a row |
/// |---|---|---|
/// | accepted | the same | 0 |
/// | uncertain: it ends the connection at the dot, or says nothing clear | the same | 1 more |
/// | deferred, rejected, unsupported, 421, 530 and the like | it goes back as it was | 1 more |
/// | relay trouble, released | the same | the same |
///
/// After five in a row the drain stops: an address that was mistyped must not be asked a thousand times.
package struct OtherRelay: Hashable, Sendable {
    package private(set) var refusalsInARow = 0
    package static let mostRefusals = 5

    package init() {}

    /// The relay refuses all that comes.
    package var refuses: Bool { refusalsInARow >= Self.mostRefusals }

    /// - Returns: the relay's error if the mail goes back to pending; nil if its outcome stays as it is.
    package mutating func judge(_ verdict: Verdict) -> DeliveryError? {
        switch verdict {
        case .accepted:
            refusalsInARow = 0
            return nil
        case .uncertain:
            refusalsInARow += 1
            return nil
        case .relayTrouble, .released:
            return nil
        case .deferred(let error), .rejected(let error), .unsupported(let error),
            .turnedAway(let error), .unauthorized(let error):
            refusalsInARow += 1
            return error
        }
    }
}
