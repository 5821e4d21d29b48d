internal import Delivery
internal import Service
internal import Store

/// What a ``BulkChange`` has done, and what it has not.
struct ChangeTally {
    private(set) var planned: Int
    private(set) var done = 0
    private(set) var underWay: [Int64] = []
    private(set) var refused: [(id: Int64, why: String)] = []
    private(set) var unknown: [Int64] = []
    var isInterrupted = false

    init(planned: Int) { self.planned = planned }

    mutating func add(_ results: [Int64: DeedResult], of ids: [Int64]) {
        for id in ids {
            switch results[id] {
            case .done: done += 1
            case .underWay:
                done += 1
                underWay.append(id)
            case .refused(let refusal): refused.append((id, refusal.text))
            case nil: break
            }
        }
    }

    /// Rows that were named, and were not tried.
    mutating func add(_ plan: BulkPlan) {
        planned += plan.refused.count
        refused = plan.refused + refused
        unknown = plan.unknown
    }

    /// | |code|
    /// |---|---|
    /// | interrupted | 75 |
    /// | a row that was named is not there, or can't be changed | 65 |
    /// | else | 0 |
    func exitCode(hasIDs: Bool) -> ExitCode {
        if isInterrupted { return .tempFail }
        return hasIDs && !(refused.isEmpty && unknown.isEmpty) ? .dataError : .ok
    }

    func print(_ words: BulkChange.Words, isJSON: Bool) throws {
        if isJSON {
            let json = JSON.members([
                JSON.Member(words.key, JSON(done)),
                .refused(refused),
                JSON.Member("unknown", .array(unknown.map(JSON.int))),
                JSON.Member("left", JSON(left)),
            ])
            try Terminal.print(json.text(expanding: 1) + "\n")
        } else {
            let what = done == 1 ? words.done.0 : words.done.1
            try Terminal.print("\(counted(done, "row")) \(what)\n")
        }
        for id in underWay.prefix(20) {
            Terminal.complain(
                "row \(id) is being sent: it goes out only if its content has gone already")
        }
        for refusal in refused.prefix(20) {
            Terminal.complain("row \(refusal.id) \(refusal.why)")
        }
        if refused.count > 20 {
            Terminal.complain("and \(counted(refused.count - 20, "row")) more could not be changed")
        }
        if isInterrupted {
            Terminal.complain(
                "interrupted: \(left) of \(planned) rows were not looked at; the same command goes on with them"
            )
        }
    }

    private var left: Int { planned - done - refused.count }
}

extension DeedResult.Refusal {
    /// What stands behind `row 12`.
    var text: String {
        switch self {
        case .unknown: "does not exist"
        case .notIngested: "was not taken in yet: it is sent when it is due"
        case .underWay: "is being sent just now"
        case .uncertain:
            "may have arrived already: `outboxd resolve` settles it"
        case .cancelled: "was cancelled: it does not go out"
        case .invalid(let why):
            "can't be sent as it stands: correct it first, then retry it: \(why)"
        case .ended(let state, let reason):
            "is \(state.name)\(reason.map { " (\($0))" } ?? ""): it stays so"
        }
    }
}
