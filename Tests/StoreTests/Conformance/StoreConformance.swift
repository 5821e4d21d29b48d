import Testing

/// What every store has to do, whatever stands behind it: one case for each promise. A store runs
/// them all, each on a bed of its own:
///
///     @Test(arguments: StoreConformance.all)
///     func `the store conforms`(_ one: StoreConformance) throws { try one.run(MyBed()) }
struct StoreConformance: Sendable, CustomTestStringConvertible {
    let name: String
    let run: @Sendable (any StoreBed) throws -> Void

    init(_ name: String, _ run: @escaping @Sendable (any StoreBed) throws -> Void) {
        self.name = name
        self.run = run
    }

    var testDescription: String { name }

    static let all =
        ingesting + bursts + atOnce + claiming + choosing + ordering + finishing + merging + senders
        + blame
        + reviewing
}

@Test(arguments: StoreConformance.all)
func `SQLite's store conforms`(_ one: StoreConformance) throws {
    try one.run(SQLiteBed())
}
