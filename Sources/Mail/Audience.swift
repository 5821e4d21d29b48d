/// Whom a mail tells: the column `audience`.
package enum Audience: String, Hashable, Sendable, CaseIterable {
    /// An operator replied; the visitor is told.
    case visitor
    /// A visitor wrote; an operator is told.
    case `operator`
}
