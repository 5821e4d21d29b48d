/// Why a row can't be mailed as it stands: it becomes `failed`, reason `invalid_row`.
package struct RowFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The column of `outbox` to look at.
    package let column: String
    /// What is wrong and what is expected.
    ///
    /// Holds no value of the row but its numbers.
    package let sentence: String

    package var description: String { "\(column) \(sentence)" }

    package init(column: String, sentence: String) {
        self.column = column
        self.sentence = sentence
    }
}
