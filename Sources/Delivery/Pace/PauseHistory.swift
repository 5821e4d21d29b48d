/// How long a helpdesk's mail was paused: what is paused does not age.
///
/// Pauses of everything and of the helpdesk overlap; time counts once. A pause that has not ended lasts until
/// now. Example: everything from 1 to 5, the helpdesk from 3 to 8: paused for 7.
package struct PauseHistory: Hashable, Sendable {
    package struct Change: Hashable, Sendable {
        package var at: WallTime
        /// "" is everything.
        package var helpdesk: String
        package var isPause: Bool
        /// The API server's pause; an operator's is kept apart, and either holds.
        package var isByAPI: Bool
        /// The hold of a database that was restored: apart from both.
        package var isRestore: Bool

        package init(
            at: WallTime, helpdesk: String, isPause: Bool, isByAPI: Bool = false,
            isRestore: Bool = false
        ) {
            self.isRestore = isRestore
            self.isByAPI = isByAPI
            self.at = at
            self.helpdesk = helpdesk
            self.isPause = isPause
        }
    }

    /// Whose pause it is: each ends its own.
    private struct Holder: Hashable {
        var helpdesk: String
        var isByAPI: Bool
        var isRestore: Bool
    }

    /// In the order of time.
    package var changes: [Change]

    package init(_ changes: [Change]) {
        self.changes = changes
    }

    /// Those that hold the helpdesk's mail.
    package func of(_ helpdesk: String) -> PauseHistory {
        changes.isEmpty
            ? self : PauseHistory(changes.filter { ["", helpdesk].contains($0.helpdesk) })
    }

    /// The part of the time from `since` to `now` in which it was paused.
    package func total(since: WallTime, to now: WallTime) -> Duration {
        var paused: Set<Holder> = []
        var began: WallTime?
        var total: Duration = .zero
        for change in changes where change.at < now {
            let holder = Holder(
                helpdesk: change.helpdesk, isByAPI: change.isByAPI, isRestore: change.isRestore)
            if change.isPause { paused.insert(holder) } else { paused.remove(holder) }
            if let start = began, paused.isEmpty {
                total += max(.zero, change.at - max(start, since))
                began = nil
            } else if began == nil, !paused.isEmpty {
                began = change.at
            }
        }
        if let began { total += max(.zero, now - max(began, since)) }
        return total
    }
}
