import Delivery
import Store
import Testing

@testable import Console
@testable import Engine

/// The table of ``ProbeAnswer``, line by line.
struct ProbeAnswerTests {
    private static let now = WallTime(milliseconds: 1_795_855_330_000)

    /// A daemon that works, with nothing due.
    private static func state(_ change: (inout ServiceState) -> Void = { _ in }) -> ServiceState {
        var state = ServiceState(phase: .running, now: now)
        state.storingIdle = .milliseconds(300)
        state.sendingIdle = .seconds(15)
        state.sampleAge = .seconds(3)
        state.sample = sample(OutboxView.Health())
        change(&state)
        return state
    }

    private static func sample(_ health: OutboxView.Health, stuck: Int = 0) -> DatabaseSample {
        DatabaseSample(
            takenAt: SteadyTime(nanoseconds: 1), health: health, numbers: nil, databaseBytes: nil,
            walBytes: 0, stuck: stuck)
    }

    struct Line: Sendable {
        var state: ServiceState
        var health: Bool
        var readiness: Bool
        /// A part of what `/healthz` says.
        var words: String
    }

    static let lines: [Line] = [
        Line(state: state(), health: true, readiness: true, words: "healthy: no mail is due"),
        Line(
            state: state { $0.phase = .waiting("there is no database") }, health: true,
            readiness: false, words: "waiting for the database: there is no database"),
        Line(
            state: state { $0.phase = .stopping }, health: true, readiness: false, words: "stopping"
        ),
        Line(
            state: state { $0.storingIdle = .seconds(20) }, health: false, readiness: false,
            words: "the storing thread has made no round for 20 s"),
        Line(
            state: state { state in
                (state.storingIdle, state.storingRest) = (.seconds(79), .seconds(60))
            }, health: true, readiness: true, words: "healthy"),
        Line(
            state: state { state in
                (state.storingIdle, state.storingRest) = (.seconds(80), .seconds(60))
            }, health: false, readiness: false, words: "the storing thread"),
        Line(
            state: state { $0.sendingIdle = .seconds(34) }, health: false, readiness: false,
            words: "the sending thread has made no round for 34 s"),
        Line(
            state: state { $0.metrics.databaseTrouble = "disk full" }, health: false,
            readiness: false, words: "nothing is sent meanwhile: disk full"),
        Line(
            state: state { $0.sampleError = "not a database" }, health: false, readiness: true,
            words: "the database can't be read: not a database"),
        Line(
            state: state { $0.sampleAge = .seconds(61) }, health: false, readiness: true,
            words: "the database has not been read for 61 s"),
        Line(
            state: state {
                $0.sample = sample(due(400), stuck: 3)
                $0.unmoved = .seconds(301)
            }, health: false,
            readiness: true, words: "no outboxd has taken any up for 5 min"),
        // With a low rate nothing is being sent most of the time, and after a start nothing has been.
        Line(
            state: state {
                $0.sample = sample(due(400), stuck: 3)
                $0.unmoved = .seconds(59)
            }, health: true, readiness: true, words: "mail moves"),
        // Between two claims nothing is being sent for a moment.
        Line(
            state: state {
                $0.sample = sample(due(400), stuck: 2)
                $0.unmoved = .seconds(301)
            }, health: true,
            readiness: true, words: "mail moves"),
        Line(
            state: state { $0.sample = sample(due(60)) }, health: true, readiness: true,
            words: "mail moves"),
        Line(
            state: state { state in
                var health = due(400)
                health.relay = RelayStatus(
                    state: .down, error: DeliveryError(stage: .connect, text: "refused\u{1B}[2J"))
                state.sample = sample(health)
            }, health: true, readiness: true,
            words: "a restart would not help: the relay is down: connect: refused\\u001b[2J"),
        Line(
            state: state { state in
                var health = due(400)
                health.pausedSince = now - .seconds(500)
                state.sample = sample(health)
            }, health: true, readiness: true, words: "everything is paused"),
        Line(
            state: state { state in
                state.sample = sample(OutboxView.Health(silentSince: now - .seconds(90)))
            }, health: true, readiness: true, words: "accepted none of the mails under way for 90 s"
        ),
        // It has only just begun.
        Line(
            state: state { state in
                (state.storingIdle, state.sendingIdle) = (nil, nil)
                (state.sample, state.sampleAge) = (nil, .zero)
            }, health: true, readiness: false, words: "healthy"),
    ]

    private static func due(_ seconds: Int64) -> OutboxView.Health {
        OutboxView.Health(dueSince: now - .seconds(seconds))
    }

    @Test(arguments: lines.indices) func `each state has its answers`(index: Int) {
        let line = Self.lines[index]
        let health = ProbeAnswer.health(line.state)
        #expect(health.isGood == line.health, "\(health.text)")
        #expect(health.text.contains(line.words), "\(health.text)")
        let readiness = ProbeAnswer.readiness(line.state)
        #expect(readiness.isGood == line.readiness, "\(readiness.text)")
        for text in [health.text, readiness.text] {
            #expect(!text.isEmpty && !text.contains("\n") && !text.contains("\u{1B}"))
        }
    }
}
