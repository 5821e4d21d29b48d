import Delivery
import Store
import Testing

@testable import Engine

/// The table of ``RelayNews``, and ``CheckTrouble``.
struct RelayNewsTests {
    private static let up = RelayStatus(state: .up, since: WallTime(milliseconds: 1))
    private static func down(_ text: String) -> RelayStatus {
        RelayStatus(
            state: .down, since: WallTime(milliseconds: 2),
            error: DeliveryError(stage: .connect, text: text))
    }

    @Test func `each change is told once, and handed over once`() {
        var news = RelayNews()
        news.note(Self.up, isTrouble: false)
        news.note(Self.up, isTrouble: false)
        let first = news.take()
        let second = news.take()
        #expect(first == [Self.up] && second == [])
        news.note(Self.up, isTrouble: false)
        news.note(Self.down("refused"), isTrouble: false)
        news.note(Self.down("refused"), isTrouble: false)
        news.note(Self.down("timeout"), isTrouble: false)
        news.note(Self.up, isTrouble: false)
        let third = news.take()
        #expect(third == [Self.down("refused"), Self.down("timeout"), Self.up])
    }

    @Test func `silence is told once, and so is its end`() {
        var news = RelayNews()
        let silent = RelayStatus(
            state: .unknown, error: DeliveryError(stage: .greeting, text: "silent"))
        news.note(RelayStatus(state: .unknown), isTrouble: false)
        news.note(silent, isTrouble: false)
        news.note(silent, isTrouble: false)
        news.note(Self.up, isTrouble: false)
        let told = news.take()
        #expect(told == [silent, Self.up])
    }

    @Test func `trouble is told each time`() {
        var news = RelayNews()
        news.note(Self.down("refused"), isTrouble: true)
        news.note(Self.down("refused"), isTrouble: true)
        let told = news.take()
        #expect(told.count == 2)
    }

    @Test func `what is not known is not told`() {
        var news = RelayNews()
        news.note(RelayStatus(state: .unknown, since: WallTime(milliseconds: 1)), isTrouble: true)
        let told = news.take()
        #expect(told == [])
    }

    @Test func `a check that can't read is told once, and nothing begins for half a second`() {
        func at(_ milliseconds: Int64) -> SteadyTime {
            SteadyTime(nanoseconds: milliseconds * 1_000_000)
        }
        var trouble = CheckTrouble()
        #expect(trouble.allowsBeginning(at: at(0)))
        let isTold = [trouble.failed(at: at(100)), trouble.failed(at: at(200))]
        #expect(isTold == [true, false])
        #expect(!trouble.allowsBeginning(at: at(699)) && trouble.allowsBeginning(at: at(700)))
        trouble.succeeded()
        let isToldAgain = trouble.failed(at: at(800))
        #expect(isToldAgain)
    }
}
