import Delivery
import Testing

@testable import Engine

/// The table of ``LateInsertSearch``.
struct LateInsertSearchTests {
    private func after(_ milliseconds: Int64) -> SteadyTime {
        SteadyTime(nanoseconds: 1_000_000_000_000 + milliseconds * 1_000_000)
    }

    @Test func `the first pass begins at once`() {
        let search = LateInsertSearch()
        #expect(search.isDue(at: after(0)) && search.nextAt == nil)
    }

    @Test func `a step that found much is followed at once`() {
        var search = LateInsertSearch()
        search.stepped(to: 7, found: LateInsertSearch.most, from: after(0), at: after(4))
        #expect(search.isDue(at: after(4)) && search.nextAt == after(4) && search.position == 7)
    }

    @Test func `one that ran out of time, after nine times what it took`() {
        var search = LateInsertSearch()
        search.stepped(to: 7, found: 1, from: after(0), at: after(5))
        #expect(search.nextAt == after(50))
        #expect(!search.isDue(at: after(49)) && search.isDue(at: after(50)))
    }

    @Test func `while mails are under way only the newest ids are compared soon`() {
        var search = LateInsertSearch()
        for start in [0, 50, 100] as [Int64] {
            search.stepped(to: 7, found: 0, from: after(start), at: after(start + 5), isBusy: true)
            #expect(search.nextAt == after(start + 50))
        }
        search.stepped(to: 6, found: 0, from: after(150), at: after(155), isBusy: true)
        #expect(search.nextAt == after(400))
        search.stepped(to: 5, found: 0, from: after(400), at: after(405))
        #expect(search.nextAt == after(450))
    }

    @Test func `a pass is followed by another only where somebody has written`() {
        var search = LateInsertSearch()
        search.stepped(to: nil, found: 0, from: after(0), at: after(1))
        #expect(!search.isDue(at: after(10_000_000)) && search.nextAt == nil)
        search.isWanted = true
        #expect(!search.isDue(at: after(30_000)) && search.isDue(at: after(30_001)))
    }

    @Test func `a long pass rests a thousand times as long, all its steps counted`() {
        var search = LateInsertSearch()
        search.stepped(to: 9, found: 0, from: after(0), at: after(50))
        search.stepped(to: nil, found: 0, from: after(1_000), at: after(1_050))
        search.isWanted = true
        #expect(!search.isDue(at: after(101_049)) && search.isDue(at: after(101_050)))
    }

    @Test func `what is written during a pass calls for another`() {
        var search = LateInsertSearch()
        search.stepped(to: 9, found: 0, from: after(0), at: after(1))
        search.isWanted = true
        search.stepped(to: nil, found: 0, from: after(10), at: after(11))
        #expect(search.isDue(at: after(40_000)))
    }
}
