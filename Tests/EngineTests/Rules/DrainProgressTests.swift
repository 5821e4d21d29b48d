import Delivery
import Store
import Testing

@testable import Engine

/// What ends a drain, and what it acts through.
struct DrainProgressTests {
    private static func wall(_ seconds: Int64) -> WallTime {
        WallTime(milliseconds: 1_900_000_000_000 + seconds * 1_000)
    }
    private static let before = ["h1": wall(1), "": wall(2)]

    @Test func `the pauses that stood at its start are no news`() {
        var progress = DrainProgress(pausesAtStart: Self.before)
        #expect(progress.ignoredPauses == ["h1", ""])
        for pauses in [Self.before, ["h1": Self.wall(1)], [:]] {
            let isStopped = progress.follow(pauses)
            #expect(!isStopped && progress.newPauses.isEmpty)
        }
    }

    @Test func `a new one stops it once, and so does one that was lifted and set again`() {
        for (key, time) in [("h2", Self.wall(9)), ("h1", Self.wall(9))] {
            var progress = DrainProgress(pausesAtStart: Self.before)
            var pauses = Self.before
            pauses[key] = time
            let (first, second) = (progress.follow(pauses), progress.follow(pauses))
            #expect(first && !second && progress.newPauses == [key])
        }
    }

    @Test func `it does not end while a mail is tried again in a moment`() {
        let now = SteadyTime(nanoseconds: 1_000_000_000)
        var progress = DrainProgress(pausesAtStart: [:])
        #expect(!progress.isLookingAgain(at: now))
        progress.looksAgain(at: now)
        let end = now + FinishedMail.pauseBeforeLookingAgain * 2
        #expect(progress.isLookingAgain(at: end + .milliseconds(-1)))
        #expect(!progress.isLookingAgain(at: end))
    }

    @Test func `what went back as it was is no mail of its limit`() {
        var progress = DrainProgress(pausesAtStart: [:])
        let outcomes: [FinishedMail.Outcome] = [
            .sent, .returned(dueAt: nil, takenOver: false), .sent,
        ]
        progress.attempted(
            outcomes.map {
                EngineEvent.Attempt(
                    mailID: 1, rows: [1], recipient: "p@example.test", outcome: $0, error: nil,
                    relay: nil, delays: Delays(), emailMessageID: "<1@acme.test>", traces: [])
            })
        #expect(progress.attempted == 2)
    }

    @Test func `the latest report says whether the relay is down, once it is written down`() {
        let now = SteadyTime(nanoseconds: 1_000_000_000)
        let error = DeliveryError(stage: .connect, text: "refused")
        let down = RelayStatus(state: .down, since: Self.wall(1), error: error)
        let up = RelayStatus(state: .up, since: Self.wall(2), error: nil)
        var reports = RelayReports()
        reports.add([up, down])
        #expect(!reports.isDown && reports.toWrite.count == 2)
        let told = reports.committed(at: now)
        #expect(told.map(\.state) == [.up, .down] && reports.isDown && reports.isEmpty)
        let nothing = reports.committed(at: now)
        #expect(nothing.isEmpty && reports.isDown)
    }
}
