import Delivery
import Testing

@Suite struct ConnectionCeilingTests {
    private func at(_ seconds: Int64) -> SteadyTime {
        SteadyTime(nanoseconds: seconds * 1_000_000_000)
    }

    @Test func `nothing is known at first`() {
        #expect(ConnectionCeiling().limit(at: at(1)) == nil)
    }

    @Test(arguments: [(0, 3), (59, 3), (60, 4), (119, 4), (120, 5), (600, 13)] as [(Int64, Int)])
    func `one more is tried after each minute without a refusal`(seconds: Int64, limit: Int) {
        var ceiling = ConnectionCeiling()
        ceiling.refused(beside: 3, at: at(100))
        #expect(ceiling.limit(at: at(100 + seconds)) == limit)
    }

    @Test func `the latest refusal counts`() {
        var ceiling = ConnectionCeiling()
        ceiling.refused(beside: 3, at: at(0))
        ceiling.refused(beside: 2, at: at(70))
        #expect(ceiling.limit(at: at(71)) == 2)
    }

    @Test func `a refusal beside nobody still leaves one connection`() {
        var ceiling = ConnectionCeiling()
        ceiling.refused(beside: 0, at: at(0))
        #expect(ceiling.limit(at: at(1)) == 1)
    }

    @Test func `it is forgotten with the connections`() {
        var ceiling = ConnectionCeiling()
        ceiling.refused(beside: 2, at: at(0))
        ceiling.forget()
        #expect(ceiling.limit(at: at(1)) == nil)
    }
}
