internal import Store

/// What is told of the database's epoch: each thing once, and when what was held is released.
struct EpochTelling {
    private var told: EpochNews?

    /// It was told that everything is held.
    var isHeld: Bool { if case .held = told { true } else { false } }

    /// - Returns: nil if nothing is to be told.
    mutating func event(_ news: EpochNews?) -> EngineEvent? {
        let wasHeld = isHeld
        defer { told = news }
        switch news {
        case .held(let restoration, let rows, _):
            if case .held(let old, _, _) = told, old == restoration { return nil }
            return .restored(restoration, rows: rows)
        case .unwritable(let reason): return news == told ? nil : .epochUnwritable(reason)
        case nil: return wasHeld ? .released : nil
        }
    }
}
