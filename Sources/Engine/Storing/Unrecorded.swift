internal import Delivery
internal import Store

/// Outcomes that a failing statement kept from being written down, tried again more and more rarely.
///
/// The mails stay claimed meanwhile, so what is repeated is the noting and never the sending.
struct Unrecorded {
    private struct Entry {
        var result: SendResult
        var failures: Int
        var retryAt: SteadyTime
    }
    private var entries: [Int64: Entry] = [:]
    private var failures: [Int64: Int] = [:]

    var count: Int { entries.count }
    var isEmpty: Bool { entries.isEmpty }

    /// How often writing down has failed for the one that failed most often.
    var mostFailures: Int { failures.values.max() ?? 0 }

    /// When the next one is tried again.
    var nextAt: SteadyTime? { entries.values.map(\.retryAt).min() }

    /// - Returns: true if it failed for the first time.
    mutating func add(_ result: SendResult, at now: SteadyTime) -> Bool {
        let token = result.mail.mail.token
        let count = (failures[token] ?? 0) + 1
        failures[token] = count
        entries[token] = Entry(
            result: result, failures: count, retryAt: now + StatementBackoff.delay(failures: count))
        return count == 1
    }

    /// Takes those whose time has come.
    mutating func takeDue(at now: SteadyTime) -> [SendResult] {
        let due = entries.filter { $0.value.retryAt <= now }
        for token in due.keys { entries[token] = nil }
        return due.values.map(\.result)
    }

    mutating func takeAll() -> [SendResult] {
        defer { entries.removeAll() }
        return entries.values.map(\.result)
    }

    /// It is written down.
    mutating func recorded(_ token: Int64) {
        if !failures.isEmpty { failures[token] = nil }
    }
}
