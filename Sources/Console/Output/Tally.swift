internal import Delivery
internal import Engine
internal import Store
internal import Synchronization

/// What a drain has done so far.
final class Tally: Sendable {
    private struct Counts {
        var sent = 0
        var rows = 0
        var skipped = 0
        var deferred = 0
        var failed = 0
        var forSending = 0
        var uncertain = 0
        /// Mails that another relay refused: they wait as before.
        var returned = 0
        var relayError: DeliveryError?
        var shown = ""

        mutating func add(_ attempt: EngineEvent.Attempt) {
            switch attempt.outcome {
            case .sent:
                sent += 1
                rows += attempt.rows.count
            case .deferred: deferred += 1
            case .failed: failed += attempt.rows.count
            case .uncertain: uncertain += 1
            case .returned: returned += 1
            case .faulty: break
            }
        }
    }
    private let counts = Mutex(Counts())
    let isInteractive: Bool

    init(isInteractive: Bool) {
        self.isInteractive = isInteractive
    }

    func note(_ event: EngineEvent) {
        counts.withLock { counts in
            switch event {
            case .skipped: counts.skipped += 1
            case .failedRow: counts.failed += 1
            case .relay(let status): counts.relayError = status.error
            case .reopened(let rows, _):
                counts.failed -= rows
                counts.forSending += rows
            case .reopenedForRelay(let rows): counts.failed -= rows
            case .attempted(let attempts): for attempt in attempts { counts.add(attempt) }
            default: break
            }
        }
    }

    var returned: Int { counts.withLock(\.returned) }
    var uncertain: Int { counts.withLock(\.uncertain) }
    var relayError: DeliveryError? { counts.withLock(\.relayError) }

    var summary: String {
        counts.withLock { counts in
            "sent \(counted(counts.sent, "mail")) (\(counted(counts.rows, "row"))), "
                + "skipped \(counts.skipped), deferred \(counts.deferred), "
                + "failed \(counts.failed), uncertain \(counts.uncertain)"
                + (counts.forSending > 0 ? ", waiting for a sender \(counts.forSending)" : "")
        }
    }

    /// One line that is written over, on a terminal only.
    func showProgress() {
        guard isInteractive else { return }
        let text = summary
        let isNew = counts.withLock { counts in
            let before = counts.shown
            counts.shown = text
            return before != text
        }
        if isNew { Terminal.progress("\r\u{1B}[K" + Table.cut(text, to: Terminal.progressWidth)) }
    }

    func endProgress() {
        if isInteractive { Terminal.progress("\r\u{1B}[K") }
    }
}
