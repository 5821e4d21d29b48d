import Delivery
import Testing

struct OctetBudgetTests {
    /// The table of ``OctetBudget``.
    @Test(arguments: [(0, true), (99, true), (100, false), (5_000, false)])
    func `more is claimed while less than the limit is used`(_ used: Int, _ hasRoom: Bool) {
        var budget = OctetBudget(limit: 100)
        budget.take(used)
        #expect(budget.hasRoom == hasRoom)
        budget.giveBack(used)
        #expect(budget.hasRoom && budget.used == 0)
    }

    @Test func `what is given back twice makes no room beyond the limit`() {
        var budget = OctetBudget(limit: 100)
        budget.take(60)
        budget.giveBack(60)
        budget.giveBack(60)
        budget.take(100)
        #expect(!budget.hasRoom)
    }
}
