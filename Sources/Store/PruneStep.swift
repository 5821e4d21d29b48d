internal import Delivery

/// What a step of pruning did.
package struct PruneStep: Sendable, Equatable {
    /// A row that the API server's tables hold on to.
    package struct Kept: Sendable, Equatable {
        package var id: Int64
        /// What SQLite said.
        package var text: String
        /// Deleting it took too long.
        package var isSlow: Bool
    }

    /// Rows that are gone.
    package var rows = 0
    package var kept: [Kept] = []
    /// Where the next step goes on: behind the rows that were kept.
    package var place: PrunePlace
    /// Of those that were to be pruned, so many were looked at.
    package var looked = 0
    /// Nothing more is to be pruned.
    package var isThrough = false
    /// Another process had the write lock, and nothing was done.
    package var isLocked = false

    init(place: PrunePlace) {
        self.place = place
    }
}

/// How far pruning has come: the last row of each state that could not be deleted, in the order in which they
/// ended.
///
/// What was pruned is gone, so only these have to be stepped over. A million of them cost nothing until
/// somebody begins at the beginning again.
package struct PrunePlace: Sendable, Hashable {
    struct Mark: Sendable, Hashable {
        var finishedAt: Int64
        var id: Int64
    }

    private var marks: [RowState: Mark] = [:]

    package init() {}

    /// Where the rows of a state begin.
    subscript(state: RowState) -> Mark {
        get { marks[state] ?? Mark(finishedAt: .min, id: .min) }
        set { marks[state] = newValue }
    }
}
