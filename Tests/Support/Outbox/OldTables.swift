internal import Foundation

/// Databases of older steps of the schema, as the binaries of their time left them; see `Tests/Upgrades/make.py`.
package enum OldTables {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Upgrades")

    /// The steps that there are databases of.
    package static func steps() throws -> [Int] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).compactMap { name in
            name.wholeMatch(of: /schema-(\d+)\.sql/).flatMap { Int($0.1) }
        }.sorted()
    }

    /// The database of a step, as SQL that makes it in an empty file.
    package static func sql(ofStep step: Int) throws -> String {
        try String(contentsOf: directory.appending(path: "schema-\(step).sql"), encoding: .utf8)
    }
}
