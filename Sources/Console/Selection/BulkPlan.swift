internal import Delivery
internal import Service
internal import Store

/// What a selection comes to for a command that changes rows, decided as the command itself decides.
///
/// | a row | |
/// |---|---|
/// | can be changed | ``rows`` |
/// | was named, and can't | ``refused`` |
/// | was named, and is not there | ``unknown`` |
/// | is of a selection, and can't | ``leftOut`` |
struct BulkPlan {
    private(set) var rows = RowPlan()
    private(set) var refused: [(id: Int64, why: String)] = []
    private(set) var unknown: [Int64] = []
    /// How many there are, by their states in words.
    private(set) var leftOut: [String: Int] = [:]
    private let selection: Selection

    /// - Parameters:
    ///   - concerns: Of a selection, those that the command is about; a row that was named always is.
    ///   - decide: Why these rows can't be changed; those that can are left out.
    init(
        _ selection: Selection, _ gathering: RowGathering,
        concerns: (OutboxView.Row) -> Bool,
        decide: ([OutboxView.Row]) throws -> [Int64: String]
    ) throws {
        self.selection = selection
        let isNamed = !selection.ids.isEmpty
        var found: Set<Int64> = []
        let most = selection.limit ?? .max
        try gathering.forEachPage(selection.filter, limit: nil) { page in
            let meant = isNamed ? page : page.filter(concerns)
            let refusals = meant.isEmpty ? [:] : try decide(meant)
            let meantIDs = Set(meant.map(\.id))
            for row in page where rows.count < most {
                found.insert(row.id)
                if meantIDs.contains(row.id), refusals[row.id] == nil {
                    rows.add(row)
                } else if isNamed {
                    refused.append((row.id, refusals[row.id] ?? ""))
                } else {
                    leftOut[row.stateInWords, default: 0] += 1
                }
            }
            return rows.count < most
        }
        refused.sort { $0.id < $1.id }
        if selection.limit == nil { unknown = selection.ids.filter { !found.contains($0) } }
    }

    /// Named rows that can't be changed, or are not there.
    var exitCode: ExitCode { refused.isEmpty && unknown.isEmpty ? .ok : .dataError }

    // MARK: Telling

    func tellUnknown() {
        let isNarrowed = !selection.isOnlyIDs
        for id in unknown.prefix(Self.most) {
            Terminal.complain("there is no row \(id)\(isNarrowed ? " in the selection" : "")")
        }
        tellMore(unknown.count, "are not there")
    }

    func tellRefused() {
        for refusal in refused.prefix(Self.most) {
            Terminal.complain("row \(refusal.id) \(refusal.why)")
        }
        tellMore(refused.count, "can't be changed")
    }

    /// Where nothing is to be done for it: why.
    ///
    /// - Parameter hint: What the command is about.
    func tellLeftOut(_ hint: String) {
        guard rows.count == 0, !leftOut.isEmpty else { return }
        let kinds = leftOut.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.value) \($0.key)" }
        Terminal.complain("left out: \(kinds.joined(separator: ", ")); \(hint)")
    }

    private func tellMore(_ count: Int, _ what: String) {
        guard count > Self.most else { return }
        Terminal.complain("and \(counted(count - Self.most, "row")) more \(what)")
    }

    private static let most = 20

    /// - Parameter key: such as `would_be_cancelled`.
    func json(_ key: String) -> JSON {
        rows.json(
            key,
            besides: [
                .refused(refused),
                JSON.Member("unknown", .array(unknown.map(JSON.int))),
            ])
    }
}
