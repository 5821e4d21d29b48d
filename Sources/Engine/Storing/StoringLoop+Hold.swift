internal import Delivery
internal import Store

/// Which hold rows wait for: see ``HoldOwner``.
extension StoringLoop {
    func followHoldAtStart() throws {
        let owner: HoldOwner = mode.isDrain ? (mode.rows == nil ? .drain : .chosenRows) : .run
        try store.follow(hold: settings.hold.hold, of: owner)
        guard mode.isDrain, !mode.ignoresHold, let hold = try store.hold(),
            hold != settings.hold.hold
        else { return }
        observer(.waitsForHold(hold))
    }

    /// Rows that wait for the hold follow the new one, as they would after a restart.
    func followHold() throws {
        guard isHoldNew, !mode.isDrain else { return }
        try store.follow(hold: settings.hold.hold, of: .run)
        isHoldNew = false
    }
}
