import Delivery
import SMTP
import Store
import Testing

@testable import Engine

/// What each event counts as.
struct EngineMetricsTests {
    private static func metrics(_ events: EngineEvent...) -> EngineMetrics {
        var metrics = EngineMetrics()
        for event in events { metrics.note(event) }
        return metrics
    }

    private static func attempt(
        _ outcome: FinishedMail.Outcome, rows: [Int64] = [1], stage: Stage? = nil,
        delays: Delays = Delays()
    ) -> EngineEvent {
        .attempted([
            EngineEvent.Attempt(
                mailID: 1, rows: rows, recipient: "p@example.test", outcome: outcome,
                error: stage.map { DeliveryError(stage: $0, text: "no") }, relay: nil,
                delays: delays, emailMessageID: "<1@acme.test>")
        ])
    }

    private static let soon = WallTime(milliseconds: 1)

    @Test func `a mail that is sent ends each of its rows`() {
        let metrics = Self.metrics(Self.attempt(.sent, rows: [1, 2, 3]))
        #expect(metrics.endings == [.sent: 3])
        #expect(metrics.deliveries == [.init(.sent, .final): 1])
    }

    @Test func `each outcome counts as itself, at its stage`() {
        let metrics = Self.metrics(
            Self.attempt(.deferred(dueAt: Self.soon, expired: []), stage: .rcpt),
            Self.attempt(
                .deferred(dueAt: Self.soon, expired: [7, 8]), rows: [7, 8, 9], stage: .data),
            Self.attempt(.failed(.rejected), rows: [1, 2], stage: .mail),
            Self.attempt(.uncertain(dueAt: nil, frozen: nil), stage: .final),
            Self.attempt(.returned(dueAt: nil, takenOver: false), stage: .connect))
        #expect(metrics.endings == [.failed(.expired): 2, .failed(.rejected): 2])
        #expect(
            metrics.deliveries == [
                .init(.deferred, .rcpt): 1, .init(.deferred, .data): 1, .init(.failed, .mail): 1,
                .init(.uncertain, .final): 1, .init(.returned, .connect): 1,
            ])
        #expect(metrics.doubts == [.noReply: 1])
    }

    @Test func `rows that end without a mail`() {
        let metrics = Self.metrics(
            .skipped([Skip(row: 1, reason: .read), Skip(row: 2, reason: .read)]),
            .failedRow(id: 3, reason: .invalidRow, text: "no"), .ingested(rows: 5),
            .reopened(rows: 2, sender: "a@b.test"), .reopenedForRelay(rows: 3))
        #expect(metrics.endings == [.skipped(.read): 2, .failed(.invalidRow): 1])
        #expect(metrics.ingested == 5)
        #expect(metrics.reopened == 5)
    }

    @Test func `mails of a process that died`() {
        let metrics = Self.metrics(
            .measured(
                .takenOver([
                    .init(outcome: .sent, rows: 2),
                    .init(outcome: .uncertain(dueAt: nil, frozen: nil), rows: 1),
                    .init(outcome: .returned(dueAt: nil, takenOver: true), rows: 1),
                ])),
            .leaseLost(mailID: 1, rows: [1], wasSent: false),
            .leaseLost(mailID: 2, rows: [2], wasSent: true))
        #expect(metrics.endings == [.sent: 2])
        #expect(metrics.prevented == [.replyNoted: 1, .takenOver: 1])
        #expect(metrics.doubts == [.died: 1, .overtaken: 1])
        // No dialogue of ours.
        #expect(metrics.deliveries.isEmpty)
    }

    @Test func `the relay and the database are as they were last told`() {
        let error = DeliveryError(stage: .connect, text: "refused")
        #expect(EngineMetrics().isRelayUp == nil)
        #expect(Self.metrics(.relay(RelayStatus(state: .down, error: error))).isRelayUp == false)
        #expect(
            Self.metrics(
                .relay(RelayStatus(state: .down, error: error)), .relay(RelayStatus(state: .up))
            ).isRelayUp == true)
        let trouble = Self.metrics(.storeTrouble("full"), .storeTrouble("full, still"))
        #expect(trouble.databaseTrouble == "full, still" && trouble.databaseErrors == 2)
        let over = Self.metrics(.storeTrouble("full"), .storeRecovered)
        #expect(over.databaseTrouble == nil && over.databaseErrors == 1)
    }

    @Test func `what a dialogue took stands in the histograms of its phases`() {
        var delays = Delays(
            connecting: .milliseconds(40), transmitting: .milliseconds(70),
            final: .milliseconds(30), late: .milliseconds(2))
        var metrics = Self.metrics(Self.attempt(.sent, delays: delays))
        #expect(metrics.phases[.connect]?.sum == 40_000_000)
        #expect(metrics.phases[.transfer]?.sum == 40_000_000)
        #expect(metrics.phases[.final]?.sum == 30_000_000)
        #expect(metrics.lateHeld.sum == 2_000_000 && metrics.lateInstant.count == 0)
        // On a connection that was open, of an instant mail that was refused before its dot, and tried before.
        delays.isInstant = true
        delays.connecting = .zero
        delays.final = nil
        delays.late = nil
        metrics = Self.metrics(Self.attempt(.failed(.rejected), stage: .rcpt, delays: delays))
        #expect(metrics.phases.isEmpty)
        #expect(metrics.lateHeld.count + metrics.lateInstant.count == 0)
        delays.late = .milliseconds(3)
        metrics = Self.metrics(Self.attempt(.sent, delays: delays))
        #expect(metrics.lateInstant.sum == 3_000_000 && metrics.lateHeld.count == 0)
    }

    @Test func `a commit counts with its mails, an empty batch not at all`() {
        let metrics = Self.metrics(
            .measured(.commit(.milliseconds(4), finished: 0, claimed: 7, at: Self.steady)),
            .measured(.commit(.milliseconds(5), finished: 3, claimed: 0, at: Self.steady)))
        #expect(metrics.commits.count == 2 && metrics.commits.sum == 9_000_000)
        #expect(metrics.claimedBatches.count == 1 && metrics.claimedBatches.sum == 7)
        #expect(metrics.finishedBatches.count == 1 && metrics.finishedBatches.sum == 3)
    }

    /// A mail that goes back as it was has not moved, and without a commit nothing has.
    @Test func `mail moves where one was attempted or a row ended`() {
        let commit = EngineEvent.measured(
            .commit(.milliseconds(1), finished: 1, claimed: 1, at: Self.steady))
        let returned = Self.attempt(.returned(dueAt: nil, takenOver: false), stage: .connect)
        #expect(Self.metrics(commit, returned, commit).movedAt == nil)
        #expect(Self.metrics(Self.attempt(.sent)).movedAt == nil)
        #expect(Self.metrics(Self.attempt(.sent), commit).movedAt == Self.steady)
        #expect(Self.metrics(Self.attempt(.failed(.rejected)), commit).movedAt == Self.steady)
        let skipped = EngineEvent.skipped([Skip(row: 1, reason: .read)])
        #expect(Self.metrics(skipped, commit).movedAt == Self.steady)
    }

    private static let steady = SteadyTime(nanoseconds: 5)

    /// A statement that fails for many is told once and counted for all.
    @Test func `statements that fail`() {
        let fault = StatementFault(
            subject: .row(1), text: "no such column", retryAt: Self.soon, isNew: true)
        let metrics = Self.metrics(
            .statementFault(fault), .moreFaults(count: 9, text: "no such column"))
        #expect(metrics.statementFaults == 10)
    }
}
