internal import Delivery
internal import Service
internal import Store

/// What `resolve` does row by row, and what it tells: a line each as it happens, or an object at the end.
struct ResolveRun {
    let resolution: Resolution
    let store: any OutboxOperator
    let note: OperatorNote
    let isJSON: Bool
    /// The mails settled so far, each with the row that it was settled by.
    private var mails: [Int64: Int64] = [:]
    private var settled: [(row: Int64, mail: Int64)] = []
    private var refused: [(id: Int64, why: String)] = []

    init(resolution: Resolution, store: any OutboxOperator, note: OperatorNote, isJSON: Bool) {
        self.resolution = resolution
        self.store = store
        self.note = note
        self.isJSON = isJSON
    }

    mutating func settle(_ id: Int64, at now: WallTime) throws {
        let story = try store.reader.story(of: id, at: now)
        if let mail = story?.mail?.id, let first = mails[mail] {
            settled.append((id, mail))
            return try say("row \(id): is in the same mail as row \(first), settled with it")
        }
        switch try store.resolve(row: id, as: resolution, by: note, at: now) {
        case .done(let mail):
            mails[mail] = id
            settled.append((id, mail))
            let end = resolution == .sent ? "counts as sent" : "goes out again"
            try say("row \(id): mail \(mail)\(Self.others(story)) \(end)")
        case let resolved:
            let why = Self.refusal(resolved) ?? ""
            refuse(id, story == nil ? "there is no row \(id)" : "row \(id) \(why)")
        }
    }

    /// Why a row can't be settled, as it stands behind `row 12`; nil where it can.
    static func refusal(_ resolved: Resolved) -> String? {
        switch resolved {
        case .done: nil
        case .notHeld(let state): "is not held as uncertain, it is \(state)"
        case .unknownRow: "is not held: it was not ingested yet"
        }
    }

    /// - Parameter left: rows that were not looked at since a signal came.
    func end(left: Int) throws -> ExitCode {
        if isJSON {
            let json = JSON.members([
                JSON.Member("settled", JSON(settled.count)),
                JSON.Member("as", .string(resolution == .sent ? "sent" : "resend")),
                JSON.Member(
                    "rows",
                    .array(settled.map { .object(["id": .int($0.row), "mail_id": .int($0.mail)]) })
                ),
                .refused(refused),
                JSON.Member("left", JSON(left)),
            ])
            try Terminal.print(json.text(expanding: 1) + "\n")
        }
        if left > 0 {
            Terminal.complain(
                "interrupted: \(counted(left, "row")) not looked at; the same command goes on with them"
            )
            return .tempFail
        }
        return refused.isEmpty ? .ok : .dataError
    }

    private func say(_ line: String) throws {
        if !isJSON { try Terminal.print(line + "\n") }
    }

    private mutating func refuse(_ id: Int64, _ line: String) {
        refused.append((id, line))
        Terminal.complain("\(line); `outboxd list --reason uncertain` shows the held")
    }

    private static func others(_ story: OutboxView.Story?) -> String {
        let ids = (story?.mail?.otherRows ?? []).filter { $0.state == .pending }.map(\.id)
        guard !ids.isEmpty else { return "" }
        let shown = ids.prefix(20).map(String.init).joined(separator: ", ")
        return " (with \(ids.count == 1 ? "row" : "rows") \(shown)\(ids.count > 20 ? ", …" : ""))"
    }
}
