import Testing

@testable import Engine

struct LockNewsTests {
    @Test func `a lock is told after five seconds, a minute, and every five`() {
        var news = LockNews()
        let told = (0..<700).filter { news.isToTell(.seconds($0)) }
        #expect(told == [5, 60, 360, 660])
    }

    @Test func `the next one is told anew`() {
        var news = LockNews()
        #expect(news.isToTell(.seconds(5)) && !news.isToTell(.seconds(6)))
        #expect(!news.isToTell(.zero) && news.isToTell(.seconds(5.1)))
    }
}
