extension OutboxView {
    /// What stands in `helpdesks`.
    package struct Helpdesks: Sendable {
        package var readable: [Helpdesk] = []
        /// A column that no mail can do without is too long to be read; the column, and SQLite's words.
        package var overlong: [(id: String, why: String)] = []

        package init() {}
    }
}
