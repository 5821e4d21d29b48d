import Delivery
import Testing

@testable import Service

@Suite struct LogRepeatsTests {
    private func at(_ seconds: Int64) -> SteadyTime {
        SteadyTime(nanoseconds: seconds * 1_000_000_000)
    }

    @Test func `the first ten of a kind are written, the others counted`() {
        var repeats = LogRepeats()
        let written = (0..<1_244).filter { number in
            repeats.admits(
                .relayDown, ["mail": .int(number), "error": "refused"], at: at(1))
        }
        #expect(written == Array(0..<10))
        let early = repeats.takeOver(at: at(60))
        #expect(early.isEmpty)
        let more = repeats.takeOver(at: at(61))
        #expect(
            more == [
                .init(event: .relayDown, count: 1_234, fields: ["mail": 1_243, "error": "refused"])
            ])
        let again = repeats.takeOver(at: at(200))
        #expect(again.isEmpty)
        let isWritten = repeats.admits(.relayDown, ["error": "refused"], at: at(62))
        #expect(isWritten)
    }

    @Test func `what differs in what is wrong is never left out`() {
        var repeats = LogRepeats()
        for number in 0..<400 {
            let isDownWritten = repeats.admits(.relayDown, ["error": "\(number)"], at: at(1))
            let isBlockedWritten = repeats.admits(
                .senderBlocked, ["from": "\(number)"], at: at(1))
            #expect(isDownWritten && isBlockedWritten)
        }
        let more = repeats.takeOver(at: at(100))
        #expect(more.isEmpty)
    }

    @Test func `a kind that came ten times has nothing to tell`() {
        var repeats = LogRepeats()
        for _ in 0..<10 { _ = repeats.admits(.databaseLocked, [:], at: at(1)) }
        let none = repeats.takeOver(at: at(61))
        #expect(none.isEmpty)
        for _ in 0..<11 { _ = repeats.admits(.databaseLocked, [:], at: at(70)) }
        let one = repeats.takeOver(at: at(71), all: true)
        #expect(one.map(\.count) == [1])
    }

    /// What became of a mail is the record, however many there are.
    @Test func `lines of mails and rows are all written`() throws {
        let records: [LogEvent] = [
            .mailSent, .mailDeferred, .mailFailed, .mailUncertain, .mailReturned, .rowSkipped,
            .rowFailed,
        ]
        #expect(records.allSatisfy { $0.isRecord })
        #expect(!LogEvent.relayDown.isRecord)
    }
}
