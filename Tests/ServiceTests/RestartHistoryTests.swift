import Delivery
import Testing

@testable import Service

struct RestartHistoryTests {
    @Test(
        arguments: [
            (0, 0), (1, 0), (2, 5), (3, 10), (4, 20), (7, 160), (8, 300), (1_000, 300),
        ] as [(Int, Int64)])
    func `pauses grow`(ends: Int, seconds: Int64) {
        #expect(RestartHistory.pause(after: ends) == .seconds(seconds))
    }

    @Test func `starts that follow each other soon are counted, and a good life forgets them`()
        throws
    {
        let file = try TemporaryFile("", name: "starts")
        let history = try #require(
            RestartHistory(environment: ["RUNTIME_DIRECTORY": file.directory]))
        let begin = SteadyTime(nanoseconds: 1_000_000_000_000)
        var now = begin
        var found: [Int] = []
        for _ in 0..<4 {
            found.append(history.noteStart(at: now).ends)
            now = now + .seconds(5)
        }
        #expect(found == [0, 1, 2, 3])
        #expect(history.noteStart(at: now + .seconds(1_000)).ends == 0)
        #expect(history.noteStart(at: now + .seconds(1_001)).ends == 1)
        // Of another boot.
        #expect(history.noteStart(at: begin).ends == 0)
        #expect(history.noteStart(at: begin + .seconds(1)).ends == 1)
        history.forget()
        #expect(history.noteStart(at: begin + .seconds(2)).ends == 0)
    }

    @Test(arguments: ["", "x", "1", "-1 5", "9 x", "1 2 3", "99999999999999999999 1"])
    func `rubbish counts as nothing`(content: String) throws {
        let file = try TemporaryFile(content, name: "starts")
        let history = try #require(
            RestartHistory(environment: ["RUNTIME_DIRECTORY": file.directory]))
        #expect(history.noteStart(at: SteadyTime(nanoseconds: 5)).ends == 0)
    }

    @Test(arguments: [[:], ["RUNTIME_DIRECTORY": ""], ["RUNTIME_DIRECTORY": "/run/a:/run/b"]])
    func `outside of systemd there is none`(environment: [String: String]) {
        #expect(RestartHistory(environment: environment) == nil)
    }
}
