/// A table that belongs to the API server (Contract.md): the one place that says which columns it
/// has.
package struct APITable: Sendable {
    package let name: String
    /// The API server may define it as a view over tables of its own.
    package let mayBeView: Bool
    package let columns: [APIColumn]
    /// A constraint of the table, such as its primary key over several columns.
    let constraint: String?

    init(_ name: String, mayBeView: Bool, columns: [APIColumn], constraint: String? = nil) {
        self.name = name
        self.mayBeView = mayBeView
        self.columns = columns
        self.constraint = constraint
    }

    /// The statement that makes it. https://sqlite.org/lang_createtable.html
    package var ddl: String {
        let lines = columns.map { "\($0.name) \($0.definition)" } + [constraint].compactMap(\.self)
        return "CREATE TABLE \(name) (\n    \(lines.joined(separator: ",\n    "))\n) STRICT"
    }
}

package struct APIColumn: Sendable {
    package let name: String
    /// Its type and constraints, in SQL.
    let definition: String
    /// A table that the API server made may lack it: it counts as NULL then.
    ///
    /// Contract.md says so in its last column.
    package let isOptional: Bool

    init(_ name: String, _ definition: String, isOptional: Bool = false) {
        self.name = name
        self.definition = definition
        self.isOptional = isOptional
    }
}
