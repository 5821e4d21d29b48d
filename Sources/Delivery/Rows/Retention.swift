/// How long outboxd remembers a row that has ended; what is older when it is first seen may be one that was
/// forgotten.
///
/// | the row | |
/// |---|---|
/// | has ended, longer ago than ``length`` | it may be pruned |
/// | is new, and was written longer ago than that | it is skipped, as stale |
/// | is new, was written longer ago, and put off until a time (`not_before`) that is not | it is sent |
/// | is new, and its hold or schedule lies ahead | it is sent |
/// | was seen before, however long ago | it is sent: the relay was down, or a helpdesk paused |
///
/// Example: a reply of 1 March is mailed and, 30 days later, pruned. On 2 April the API server enqueues it once
/// more, with its own time, 1 March. The UNIQUE constraint can't stop that, since the first row is gone. outboxd
/// skips the new one as stale, so its recipient gets no second mail.
package struct Retention: Hashable, Sendable {
    package let length: Duration

    package init(length: Duration) {
        self.length = length
    }

    /// What ended before is over.
    package func end(at now: WallTime) -> WallTime { now - length }

    /// Whether a new row is too old to be told of.
    package func isStale(createdAt: WallTime, notBefore: WallTime?, at now: WallTime) -> Bool {
        max(createdAt, notBefore ?? createdAt) < end(at: now)
    }

    /// How often it is looked for rows that are over: a tenth of the time, a minute at most.
    package var lookInterval: Duration { max(.seconds(1), min(.seconds(60), length / 10)) }
}
