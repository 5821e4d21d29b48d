/// Who makes the tables that `run` needs (`OUTBOXD_MIGRATE`).
package enum MigrationPolicy: String, CaseIterable, Sendable {
    /// `run` does, where nobody else has begun to.
    case auto
    /// The API server, or an operator; `run` waits.
    case never
}
