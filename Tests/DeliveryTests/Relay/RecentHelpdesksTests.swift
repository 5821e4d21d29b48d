import Delivery
import Testing

struct RecentHelpdesksTests {
    private func at(_ seconds: Int64) -> SteadyTime {
        SteadyTime(nanoseconds: seconds * 1_000_000_000)
    }

    @Test func `there is another where another's mail was begun within ten minutes`() {
        var recent = RecentHelpdesks()
        #expect(!recent.hasOther(than: "a", at: at(0)))
        recent.began("a", at: at(0))
        #expect(!recent.hasOther(than: "a", at: at(1)) && recent.hasOther(than: "b", at: at(1)))
        recent.began("b", at: at(10))
        recent.began("b", at: at(20))
        #expect(recent.hasOther(than: "a", at: at(21)) && recent.hasOther(than: "b", at: at(21)))
        // a's is too long ago, b's is not.
        #expect(!recent.hasOther(than: "b", at: at(601)) && recent.hasOther(than: "a", at: at(601)))
    }
}
