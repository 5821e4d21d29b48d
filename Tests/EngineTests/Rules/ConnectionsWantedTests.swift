@testable import Engine
import Testing

/// Every line of the table.
struct ConnectionsWantedTests {
    private func most(
        allowed: Int = 8, limit: Int = 20, ceiling: Int? = nil, logsIn: Bool, open: Int
    ) -> Int {
        ConnectionsWanted(
            allowed: allowed, limit: limit, ceiling: ceiling, logsIn: logsIn, open: open
        ).most
    }

    @Test func `without credentials the least of the limits counts`() {
        #expect(most(logsIn: false, open: 0) == 8)
        #expect(most(limit: 5, logsIn: false, open: 0) == 5)
        #expect(most(ceiling: 3, logsIn: false, open: 2) == 3)
        #expect(most(allowed: 0, logsIn: false, open: 0) == 0)
    }

    @Test func `with credentials the first goes alone`() {
        #expect(most(logsIn: true, open: 0) == 1)
        #expect(most(allowed: 0, logsIn: true, open: 0) == 0)
        #expect(most(logsIn: true, open: 1) == 8)
        #expect(most(limit: 5, ceiling: 3, logsIn: true, open: 1) == 3)
    }
}
