import TestSupport
import Testing

/// The page of neighbours names tests: each of them must exist.
struct NeighboursPageTests {
    @Test func `every test that the page of neighbours names is there`() throws {
        let named = try NamedTest.all(in: Repository.text(ofPage: "Neighbours"))
        for test in named {
            #expect(
                try test.isThere(in: [
                    "EndToEndTests", "EngineTests/Engine", "EngineTests/Epoch", "StoreTests/SQLite",
                ]), "\(test)")
        }
        #expect(named.count > 25)
    }
}
